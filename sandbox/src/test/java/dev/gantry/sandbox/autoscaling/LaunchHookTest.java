package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Asg.LAUNCH_ACTION;
import static dev.gantry.sandbox.autoscaling.Asg.all;
import static dev.gantry.sandbox.autoscaling.Asg.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.wire.AwsError;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LaunchHookTest {
    private final Asg asg = new Asg();

    @Test
    void withoutAHookAnInstanceGoesFromPendingIntoService() {
        asg.withGroup(0, 2, 1).pass(1);
        assertEquals(Map.of(instance(1), "Pending"), asg.states());
        asg.pass(1);
        assertEquals(Map.of(instance(1), "InService"), asg.states());
        assertEquals(List.of("EC2 Instance Launch Successful"), asg.bus.types());
    }

    @Test
    void aHookHoldsTheInstanceAndContinueReleasesIt() {
        held();
        assertEquals(List.of("Pending:Wait"), asg.stateList());
        asg.complete("gate", instance(1), "CONTINUE");
        assertEquals(List.of("Pending:Proceed"), asg.stateList());
        asg.pass(1);
        assertEquals(List.of("InService"), asg.stateList());
        assertEquals(List.of("Successful"), all(asg.activities(), "StatusCode"));
    }

    @Test
    void noActionIsActiveWhileEc2StillStartsTheInstance() {
        asg.ec2.launchSlowly();
        held();
        assertEquals(List.of("Pending"), asg.stateList());
        assertEquals(
                "No active Lifecycle Action found with instance ID " + instance(1),
                asg.groupFailing(
                                "CompleteLifecycleAction",
                                "LifecycleHookName=gate",
                                "InstanceId=" + instance(1),
                                "LifecycleActionResult=CONTINUE")
                        .getMessage());
        asg.ec2.setState(instance(1), "running");
        asg.pass(1);
        assertEquals(List.of("Pending:Wait"), asg.stateList());
    }

    @Test
    void theTokenCompletesTheActionOnlyOnce() {
        held();
        String token = asg.bus.last(LAUNCH_ACTION).text("LifecycleActionToken");
        String[] call = {"LifecycleHookName=gate", "LifecycleActionToken=" + token, "LifecycleActionResult=CONTINUE"};
        asg.group("CompleteLifecycleAction", call);
        var error = asg.groupFailing("CompleteLifecycleAction", call);
        assertEquals("ValidationError", error.code());
        assertEquals("No active Lifecycle Action found with token " + token, error.getMessage());
    }

    @Test
    void abandonTerminatesTheInstanceAndTheGroupReplacesIt() {
        held();
        String token = asg.bus.last(LAUNCH_ACTION).text("LifecycleActionToken");
        asg.complete("gate", instance(1), "ABANDON");
        asg.pass(2);
        assertEquals(Map.of(instance(2), "Pending:Wait"), Map.copyOf(asg.pass(1).states()));
        assertTrue(asg.ec2.calls().contains("terminate " + instance(1)));
        String reason = "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token " + token
                + " was abandoned: Lifecycle Action Completed with ABANDON Result";
        assertEquals(List.of("MidLifecycleAction", "Cancelled"), all(asg.activities(), "StatusCode"));
        assertEquals(List.of(reason), all(asg.activities(), "StatusMessage"));
        assertEquals(
                "Launching a new EC2 instance: " + instance(1) + ".  Status Reason: " + reason,
                all(asg.activities(), "Description").get(1));
        assertEquals(reason, asg.bus.last("EC2 Instance Launch Unsuccessful").text("StatusMessage"));
    }

    @Test
    void aHeartbeatThatIsNotRecordedAppliesTheDefaultResult() {
        asg.withGroup(0, 2, 0)
                .withLaunchHook("gate", "HeartbeatTimeout=30", "DefaultResult=CONTINUE")
                .desire(1)
                .pass(2);
        asg.pass(29);
        assertEquals(List.of("Pending:Wait"), asg.stateList());
        asg.pass(1);
        assertEquals(List.of("Pending:Proceed"), asg.stateList());
    }

    @Test
    void withoutADefaultResultAnExpiredHeartbeatAbandons() {
        held();
        asg.pass(30);
        assertTrue(all(asg.activities(), "StatusMessage").get(0).endsWith("was abandoned: Heartbeat Timeout"));
    }

    @Test
    void aRecordedHeartbeatRestartsTheTimer() {
        held();
        asg.pass(20);
        beat();
        asg.pass(29);
        assertEquals(List.of("Pending:Wait"), asg.stateList());
        asg.pass(1);
        assertEquals(List.of("Cancelled"), all(asg.activities(), "StatusCode"));
    }

    @Test
    void noHeartbeatPassesTheGlobalTimeoutOfAHundredHeartbeats() {
        held();
        for (int i = 0; i < 149; i++) {
            asg.pass(20);
            beat();
        }
        assertEquals(List.of("Pending:Wait"), asg.stateList());
        asg.pass(20);
        assertEquals(
                "No active Lifecycle Action found with instance ID " + instance(1),
                asg.groupFailing(
                                "RecordLifecycleActionHeartbeat", "LifecycleHookName=gate", "InstanceId=" + instance(1))
                        .getMessage());
    }

    @Test
    void twoHooksHoldUntilBothAreDone() {
        asg.withGroup(0, 2, 0)
                .withLaunchHook("first")
                .withLaunchHook("second")
                .desire(1)
                .pass(2);
        asg.complete("first", instance(1), "CONTINUE");
        asg.pass(5);
        assertEquals(List.of("Pending:Wait"), asg.stateList());
        asg.complete("second", instance(1), "CONTINUE");
        assertEquals(List.of("Pending:Proceed"), asg.stateList());
    }

    @Test
    void oneAbandonedHookSkipsTheOther() {
        asg.withGroup(0, 2, 0)
                .withLaunchHook("first")
                .withLaunchHook("second")
                .desire(1)
                .pass(2);
        asg.complete("first", instance(1), "ABANDON");
        assertTrue(asg.ec2.calls().contains("terminate " + instance(1)));
        assertEquals(
                "ValidationError",
                asg.groupFailing(
                                "CompleteLifecycleAction",
                                "LifecycleHookName=second",
                                "InstanceId=" + instance(1),
                                "LifecycleActionResult=CONTINUE")
                        .code());
    }

    @Test
    void deletingTheHookAbandonsTheLaunchesThatItHeld() {
        held();
        asg.group("DeleteLifecycleHook", "LifecycleHookName=gate");
        assertEquals(List.of("Cancelled"), all(asg.activities(), "StatusCode"));
    }

    @Test
    void anInstanceThatEc2LosesWhileItWaitsFailsItsLaunch() {
        held();
        asg.ec2.setState(instance(1), "terminated");
        asg.pass(15);
        assertEquals("Failed", all(asg.activities(), "StatusCode").get(0));
        assertTrue(all(asg.activities(), "StatusMessage")
                .get(0)
                .startsWith("Instance became unhealthy while waiting for instance to be in InService state."));
    }

    @Test
    void aGroupCreatedWithItsHooksHoldsItsFirstInstance() {
        asg.withGroup(
                        0,
                        2,
                        1,
                        "LifecycleHookSpecificationList.member.1.LifecycleHookName=gate",
                        "LifecycleHookSpecificationList.member.1.LifecycleTransition=autoscaling:EC2_INSTANCE_LAUNCHING")
                .pass(2);
        assertEquals(List.of("Pending:Wait"), asg.stateList());
    }

    @Test
    void anEc2ThatFailsForAMomentStrandsNoInstance() {
        asg.withGroup(0, 2, 1).pass(1);
        asg.ec2.failNextFind();
        asg.pass(1);
        assertEquals(List.of("Pending"), asg.stateList());
        asg.pass(1);
        assertEquals(List.of("InService"), asg.stateList());
    }

    @Test
    void exactlyOneOfManyCompletionsOfOneActionIsAccepted() throws InterruptedException, ExecutionException {
        held();
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> answers = callers.invokeAll(Collections.nCopies(32, this::accepted));
            int accepted = 0;
            for (Future<Boolean> answer : answers) {
                accepted += answer.get() ? 1 : 0;
            }
            assertEquals(1, accepted);
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void scaleInTakesAnInstanceThatStillWaits() {
        held();
        asg.desire(0).pass(1);
        assertEquals(List.of("Terminating"), asg.stateList());
        asg.pass(1);
        assertEquals(Map.of(), asg.states());
        assertEquals(List.of("Successful", "Cancelled"), all(asg.activities(), "StatusCode"));
        asg.pass(30);
        assertEquals(0, asg.bus.ofType("EC2 Instance Launch Successful").size());
    }

    private boolean accepted() {
        try {
            asg.complete("gate", instance(1), "CONTINUE");
            return true;
        } catch (AwsError e) {
            assertEquals("ValidationError", e.code());
            return false;
        }
    }

    private void held() {
        asg.withGroup(0, 2, 0)
                .withLaunchHook("gate", "HeartbeatTimeout=30")
                .desire(1)
                .pass(2);
    }

    private void beat() {
        asg.group("RecordLifecycleActionHeartbeat", "LifecycleHookName=gate", "InstanceId=" + instance(1));
    }
}
