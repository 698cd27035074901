package dev.gantry.aws.autoscaling;

import static dev.gantry.stored.Samples.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups.Ending;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.stored.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutoScalingGroupsTest {
    private static final String TOO_EARLY = "No active Lifecycle Action found with instance ID i-00000000000000001";

    @Test
    void instancesAreDescribedFiftyAtATimeAndUnknownOnesAreAbsent() {
        run(call -> described(call, 1), (aws, groups) -> {
            Map<InstanceId, Member> found = groups.describe(Samples.instances(120));

            assertEquals(3, aws.calls().size());
            assertEquals("50", aws.calls().get(0).form().get("MaxRecords"));
            assertEquals(Samples.instance(50).value(), aws.calls().get(0).form().get("InstanceIds.member.50"));
            assertEquals(Map.of(Samples.instance(1), new Member(Samples.instance(1), WEB, "Pending:Wait")), found);
        });
    }

    @Test
    void everyPageIsRead() {
        Function<Call, Response> pages = call -> call.form().containsKey("NextToken")
                ? described(call, 2)
                : Response.query(
                        "DescribeAutoScalingInstances",
                        "<AutoScalingInstances>" + instance(1) + "</AutoScalingInstances><NextToken>n</NextToken>");
        run(
                pages,
                (aws, groups) -> assertEquals(
                        List.of(Samples.instance(1), Samples.instance(2)),
                        groups.describe(Samples.instances(2)).keySet().stream()
                                .sorted()
                                .toList()));
    }

    @Test
    void withoutInstancesThereIsNoCallBecauseAnEmptyListMeansAll() {
        run(call -> Response.LOST, (aws, groups) -> {
            assertEquals(Map.of(), groups.describe(List.of()));
            assertEquals(Map.of(), groups.members(List.of()));
            assertEquals(List.of(), aws.calls());
        });
    }

    @Test
    void aGroupsMembersAreItsInstancesAndThoseOfItsWarmPool() {
        Function<Call, Response> script = call -> call.action().equals("DescribeWarmPool")
                ? Response.query("DescribeWarmPool", "<Instances>" + member(2, "Warmed:Pending:Wait") + "</Instances>")
                : groups("<WarmPoolConfiguration><MinSize>1</MinSize></WarmPoolConfiguration>");
        run(
                script,
                (aws, groups) -> assertEquals(
                        Map.of(
                                WEB,
                                List.of(
                                        new Member(Samples.instance(1), WEB, "InService"),
                                        new Member(Samples.instance(2), WEB, "Warmed:Pending:Wait"))),
                        groups.members(List.of(WEB, new FleetName("gone")))));
    }

    @Test
    void everyPageOfAWarmPoolIsRead() {
        Function<Call, Response> script = call -> !call.action().equals("DescribeWarmPool")
                ? groups("<WarmPoolConfiguration><MinSize>1</MinSize></WarmPoolConfiguration>")
                : Response.query(
                        "DescribeWarmPool",
                        call.form().containsKey("NextToken")
                                ? "<Instances>" + member(3, "Warmed:Stopped") + "</Instances>"
                                : "<Instances>" + member(2, "Warmed:Stopped") + "</Instances><NextToken>n</NextToken>");
        run(script, (aws, groups) -> {
            List<Member> members = groups.members(List.of(WEB)).get(WEB);
            assertEquals(
                    List.of(Samples.instance(1), Samples.instance(2), Samples.instance(3)),
                    members.stream().map(Member::instance).toList());
        });
    }

    @Test
    void aGroupWithoutAWarmPoolCostsNoSecondCall() {
        run(call -> groups(""), (aws, groups) -> {
            groups.members(List.of(WEB));

            assertEquals(1, aws.calls().size());
        });
    }

    @Test
    void groupsAreDescribedFiftyAtATime() {
        List<FleetName> names = IntStream.range(0, 51)
                .mapToObj(i -> new FleetName("fleet-" + i))
                .toList();
        run(call -> groups(""), (aws, groups) -> {
            groups.members(names);

            assertEquals(2, aws.calls("DescribeAutoScalingGroups").size());
        });
    }

    @Test
    void anActionIsCompletedByItsTokenIfThatIsKnownAndOtherwiseByInstanceId() {
        run(call -> Response.query("CompleteLifecycleAction", ""), (aws, groups) -> {
            assertEquals(
                    AutoScalingGroups.ActionResult.ACCEPTED,
                    groups.complete(WEB, "gantry", Samples.instance(1), Optional.of("token-1"), Ending.CONTINUE));
            groups.complete(WEB, "gantry", Samples.instance(1), Optional.empty(), Ending.ABANDON);

            Map<String, String> form = aws.calls().get(0).form();
            assertEquals("web", form.get("AutoScalingGroupName"));
            assertEquals("gantry", form.get("LifecycleHookName"));
            assertEquals(Samples.instance(1).value(), form.get("InstanceId"));
            assertEquals("token-1", form.get("LifecycleActionToken"));
            assertEquals("CONTINUE", form.get("LifecycleActionResult"));
            assertNull(aws.calls().get(1).form().get("LifecycleActionToken"));
            assertEquals("ABANDON", aws.calls().get(1).form().get("LifecycleActionResult"));
        });
    }

    @Test
    void aHeartbeatIsRecordedByInstanceId() {
        run(call -> Response.query("RecordLifecycleActionHeartbeat", ""), (aws, groups) -> {
            assertEquals(AutoScalingGroups.ActionResult.ACCEPTED, groups.heartbeat(WEB, "gantry", Samples.instance(1)));
            assertEquals(Samples.instance(1).value(), aws.calls().get(0).form().get("InstanceId"));
        });
    }

    @Test
    void tooEarlyOrTooLateIsAnAnswerAndNotAnError() {
        run(call -> Response.queryError(400, "ValidationError", TOO_EARLY), (aws, groups) -> {
            assertEquals(
                    AutoScalingGroups.ActionResult.NO_ACTIVE_ACTION,
                    groups.complete(WEB, "gantry", Samples.instance(1), Optional.of("token-1"), Ending.CONTINUE));
            assertEquals(
                    AutoScalingGroups.ActionResult.NO_ACTIVE_ACTION,
                    groups.heartbeat(WEB, "gantry", Samples.instance(1)));
        });
    }

    @Test
    void aHookThatIsNotThereIsMisconfigured() {
        run(call -> Response.queryError(400, "ValidationError", "No Lifecycle Hook found"), (aws, groups) -> {
            GantryException error = assertThrows(
                    GantryException.Misconfigured.class,
                    () -> groups.complete(WEB, "gantry", Samples.instance(1), Optional.of("token-1"), Ending.CONTINUE));

            assertTrue(
                    error.getMessage()
                            .startsWith(
                                    "CompleteLifecycleAction CONTINUE of instance i-00000000000000001 at hook gantry of"
                                            + " group web: ValidationError: No Lifecycle Hook found; "),
                    error.getMessage());
        });
    }

    @Test
    void onlyTheLaunchProcessIsResumed() {
        run(call -> Response.query("ResumeProcesses", ""), (aws, groups) -> {
            groups.resumeLaunch(WEB);

            Map<String, String> form = aws.calls("ResumeProcesses").get(0).form();
            assertEquals("Launch", form.get("ScalingProcesses.member.1"));
            assertEquals(false, form.containsKey("ScalingProcesses.member.2"));
        });
    }

    @Test
    void onlyTheLaunchProcessIsSuspended() {
        run(call -> Response.query("SuspendProcesses", ""), (aws, groups) -> {
            groups.suspendLaunch(WEB);

            Map<String, String> form = aws.calls("SuspendProcesses").get(0).form();
            assertEquals("web", form.get("AutoScalingGroupName"));
            assertEquals("Launch", form.get("ScalingProcesses.member.1"));
            assertEquals(false, form.containsKey("ScalingProcesses.member.2"));
        });
    }

    @Test
    void aGroupLaunchesUnlessItsLaunchProcessItselfIsSuspended() {
        run(call -> groups(suspended("AZRebalance")), (aws, groups) -> {
            assertEquals(false, groups.isLaunchSuspended(WEB));
            assertEquals("web", aws.calls().get(0).form().get("AutoScalingGroupNames.member.1"));
        });
        run(call -> groups(suspended("Launch")), (aws, groups) -> assertEquals(true, groups.isLaunchSuspended(WEB)));
    }

    @Test
    void aSuspensionThatIsForbiddenIsMisconfigured() {
        run(
                call -> Response.queryError(
                        403, "AccessDenied", "not authorized to perform: autoscaling:SuspendProcesses"),
                (aws, groups) -> assertThrows(GantryException.Misconfigured.class, () -> groups.suspendLaunch(WEB)));
    }

    private static String suspended(String process) {
        return "<SuspendedProcesses><member><ProcessName>" + process
                + "</ProcessName><SuspensionReason>User suspended at 2026-01-31T12:00:00Z</SuspensionReason></member>"
                + "</SuspendedProcesses>";
    }

    private interface Body {
        void run(LoopbackAws aws, AutoScalingGroups groups);
    }

    private static void run(Function<Call, Response> script, Body body) {
        try (LoopbackAws aws = new LoopbackAws(script)) {
            body.run(aws, new AutoScalingGroups(aws.clients().autoScaling()));
        }
    }

    private static Response described(Call call, int number) {
        boolean asked = call.form().containsValue(Samples.instance(number).value());
        return Response.query(
                "DescribeAutoScalingInstances",
                "<AutoScalingInstances>" + (asked ? instance(number) : "") + "</AutoScalingInstances>");
    }

    private static String instance(int number) {
        return "<member><InstanceId>" + Samples.instance(number).value() + "</InstanceId><AutoScalingGroupName>web"
                + "</AutoScalingGroupName><LifecycleState>Pending:Wait</LifecycleState></member>";
    }

    private static String member(int number, String state) {
        return "<member><InstanceId>" + Samples.instance(number).value() + "</InstanceId><LifecycleState>" + state
                + "</LifecycleState></member>";
    }

    private static Response groups(String more) {
        return Response.query(
                "DescribeAutoScalingGroups",
                "<AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName><Instances>"
                        + member(1, "InService") + "</Instances>" + more + "</member></AutoScalingGroups>");
    }
}
