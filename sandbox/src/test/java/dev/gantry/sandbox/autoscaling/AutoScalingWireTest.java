package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Asg.GROUP;
import static dev.gantry.sandbox.autoscaling.Asg.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.Activity;
import software.amazon.awssdk.services.autoscaling.model.AlreadyExistsException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Filter;
import software.amazon.awssdk.services.autoscaling.model.InvalidNextTokenException;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHookSpecification;
import software.amazon.awssdk.services.autoscaling.model.LifecycleState;
import software.amazon.awssdk.services.autoscaling.model.ResourceInUseException;
import software.amazon.awssdk.services.autoscaling.model.ScalingActivityInProgressException;
import software.amazon.awssdk.services.autoscaling.model.ScalingActivityStatusCode;
import software.amazon.awssdk.services.autoscaling.model.Tag;
import software.amazon.awssdk.services.autoscaling.model.WarmPoolState;

/** The unmodified AWS SDK reads every answer and every error. */
class AutoScalingWireTest {
    private final Asg asg = new Asg();
    private QueryFront front;
    private AutoScalingClient client;

    @BeforeEach
    void connect() throws IOException {
        front = new QueryFront(asg.service);
        client = new Clients(front.address(), Sandbox.ACCESS_KEY).build(AutoScalingClient.builder());
    }

    @AfterEach
    void disconnect() {
        client.close();
        front.close();
    }

    @Test
    void aGroupReadsBackAsItWasCreated() {
        create(1);
        asg.pass(3);
        AutoScalingGroup group = client.describeAutoScalingGroups(r -> r.autoScalingGroupNames(GROUP))
                .autoScalingGroups()
                .get(0);
        assertEquals(GROUP, group.autoScalingGroupName());
        assertTrue(group.autoScalingGroupARN().endsWith(":autoScalingGroupName/" + GROUP));
        assertEquals(List.of(0, 4, 1), List.of(group.minSize(), group.maxSize(), group.desiredCapacity()));
        assertEquals("gantry", group.launchTemplate().launchTemplateName());
        assertEquals("subnet-1,subnet-2", group.vpcZoneIdentifier());
        assertEquals(List.of("eu-central-1a", "eu-central-1b"), group.availabilityZones());
        assertEquals("R&D <lab>", group.tags().get(0).value());
        assertEquals(asg.timers.instant().minusSeconds(3), group.createdTime());
        assertEquals(LifecycleState.PENDING_WAIT, group.instances().get(0).lifecycleState());
        assertEquals("Healthy", group.instances().get(0).healthStatus());
        assertEquals("1", group.instances().get(0).launchTemplate().version());
    }

    @Test
    void hooksReadBackAndHold() {
        create(1);
        LifecycleHook hook = client.describeLifecycleHooks(r -> r.autoScalingGroupName(GROUP))
                .lifecycleHooks()
                .get(0);
        assertEquals("gate", hook.lifecycleHookName());
        assertEquals(1_800, hook.heartbeatTimeout());
        assertEquals(172_800, hook.globalTimeout());
        assertEquals("ABANDON", hook.defaultResult());
        asg.pass(3);
        client.recordLifecycleActionHeartbeat(
                r -> r.autoScalingGroupName(GROUP).lifecycleHookName("gate").instanceId(instance(1)));
        client.completeLifecycleAction(r -> r.autoScalingGroupName(GROUP)
                .lifecycleHookName("gate")
                .instanceId(instance(1))
                .lifecycleActionResult("CONTINUE"));
        asg.pass(1);
        var details = client.describeAutoScalingInstances(r -> r.instanceIds(instance(1), "i-00000000000000000"))
                .autoScalingInstances();
        assertEquals(1, details.size());
        assertEquals("InService", details.get(0).lifecycleState());
        assertEquals("HEALTHY", details.get(0).healthStatus());
        assertEquals(GROUP, details.get(0).autoScalingGroupName());
    }

    @Test
    void activitiesReadBackWithTimesProgressAndDetails() {
        create(1);
        asg.pass(3);
        Activity activity = client.describeScalingActivities(r -> r.autoScalingGroupName(GROUP))
                .activities()
                .get(0);
        assertEquals(ScalingActivityStatusCode.MID_LIFECYCLE_ACTION, activity.statusCode());
        assertEquals("{\"Subnet ID\":\"subnet-1\",\"Availability Zone\":\"eu-central-1a\"}", activity.details());
        assertEquals(asg.timers.instant().minusSeconds(2), activity.startTime());
        assertEquals(null, activity.endTime());
        assertEquals(60, activity.progress());
    }

    @Test
    void warmPoolsReadBack() {
        create(0);
        client.putWarmPool(r -> r.autoScalingGroupName(GROUP)
                .poolState(WarmPoolState.STOPPED)
                .minSize(1)
                .maxGroupPreparedCapacity(1)
                .instanceReusePolicy(p -> p.reuseOnScaleIn(true)));
        asg.pass(3);
        var pool = client.describeWarmPool(r -> r.autoScalingGroupName(GROUP));
        assertEquals(1, pool.warmPoolConfiguration().maxGroupPreparedCapacity());
        assertTrue(pool.warmPoolConfiguration().instanceReusePolicy().reuseOnScaleIn());
        assertEquals(LifecycleState.WARMED_PENDING_WAIT, pool.instances().get(0).lifecycleState());
    }

    @Test
    void paginatorsSeeEveryInstanceOnce() {
        client.createAutoScalingGroup(r -> r.autoScalingGroupName(GROUP)
                .minSize(0)
                .maxSize(120)
                .desiredCapacity(120)
                .launchTemplate(t -> t.launchTemplateName("gantry"))
                .availabilityZones("eu-central-1a"));
        asg.pass(3);
        List<String> ids = client.describeAutoScalingInstancesPaginator().autoScalingInstances().stream()
                .map(i -> i.instanceId())
                .toList();
        assertEquals(120, ids.size());
        assertEquals(120, ids.stream().distinct().count());
        assertEquals(
                50, client.describeAutoScalingInstances().autoScalingInstances().size());
        assertEquals(
                120,
                client.describeScalingActivitiesPaginator(r -> r.autoScalingGroupName(GROUP)).activities().stream()
                        .count());
    }

    @Test
    void errorsArriveAsTheirModelledTypes() {
        create(0);
        assertThrows(AlreadyExistsException.class, () -> create(0));
        assertThrows(
                InvalidNextTokenException.class, () -> client.describeAutoScalingGroups(r -> r.nextToken("nonsense")));
        client.setDesiredCapacity(r -> r.autoScalingGroupName(GROUP).desiredCapacity(1));
        asg.pass(3);
        assertThrows(
                ScalingActivityInProgressException.class,
                () -> client.deleteAutoScalingGroup(r -> r.autoScalingGroupName(GROUP)));
        client.completeLifecycleAction(r -> r.autoScalingGroupName(GROUP)
                .lifecycleHookName("gate")
                .instanceId(instance(1))
                .lifecycleActionResult("CONTINUE"));
        asg.pass(1);
        assertThrows(
                ResourceInUseException.class, () -> client.deleteAutoScalingGroup(r -> r.autoScalingGroupName(GROUP)));
        AutoScalingException error =
                assertThrows(AutoScalingException.class, () -> client.describePolicies(r -> r.maxRecords(1)));
        assertEquals("InvalidAction", error.awsErrorDetails().errorCode());
        assertEquals(400, error.statusCode());
    }

    @Test
    void aTerminationAnswersItsActivity() {
        create(1);
        asg.pass(3);
        Activity activity = client.terminateInstanceInAutoScalingGroup(
                        r -> r.instanceId(instance(1)).shouldDecrementDesiredCapacity(false))
                .activity();
        assertEquals("Terminating EC2 instance: " + instance(1), activity.description());
        assertEquals(ScalingActivityStatusCode.IN_PROGRESS, activity.statusCode());
    }

    @Test
    void processesTagsAndHookTypesReadBack() {
        create(0);
        client.suspendProcesses(r -> r.autoScalingGroupName(GROUP).scalingProcesses("Launch"));
        var suspended =
                client.describeAutoScalingGroups().autoScalingGroups().get(0).suspendedProcesses();
        assertEquals("Launch", suspended.get(0).processName());
        assertTrue(suspended.get(0).suspensionReason().startsWith("User suspended at "));
        client.resumeProcesses(r -> r.autoScalingGroupName(GROUP).scalingProcesses("Launch"));
        client.createOrUpdateTags(r -> r.tags(Tag.builder()
                .resourceId(GROUP)
                .resourceType("auto-scaling-group")
                .key("owner")
                .value("media")
                .propagateAtLaunch(false)
                .build()));
        var tags = client.describeTags(r ->
                        r.filters(Filter.builder().name("key").values("owner").build()))
                .tags();
        assertEquals("media", tags.get(0).value());
        assertFalse(tags.get(0).propagateAtLaunch());
        assertEquals(2, client.describeLifecycleHookTypes().lifecycleHookTypes().size());
    }

    private void create(int desired) {
        client.createAutoScalingGroup(r -> r.autoScalingGroupName(GROUP)
                .minSize(0)
                .maxSize(4)
                .desiredCapacity(desired)
                .launchTemplate(t -> t.launchTemplateName("gantry").version("$Latest"))
                .vpcZoneIdentifier("subnet-1,subnet-2")
                .tags(Tag.builder()
                        .key("team")
                        .value("R&D <lab>")
                        .propagateAtLaunch(true)
                        .build())
                .lifecycleHookSpecificationList(LifecycleHookSpecification.builder()
                        .lifecycleHookName("gate")
                        .lifecycleTransition("autoscaling:EC2_INSTANCE_LAUNCHING")
                        .heartbeatTimeout(1_800)
                        .build()));
    }
}
