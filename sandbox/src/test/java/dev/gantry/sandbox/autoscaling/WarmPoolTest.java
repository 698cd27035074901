package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Asg.LAUNCH_ACTION;
import static dev.gantry.sandbox.autoscaling.Asg.TERMINATE_ACTION;
import static dev.gantry.sandbox.autoscaling.Asg.all;
import static dev.gantry.sandbox.autoscaling.Asg.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmPoolTest {
    private final Asg asg = new Asg();

    @Test
    void thePoolFillsUpToTheGroupsMaximumAndStops() {
        asg.withGroup(0, 2, 0);
        asg.group("PutWarmPool");
        asg.pass(5);
        assertEquals(List.of("Warmed:Stopped", "Warmed:Stopped"), asg.stateList());
        assertTrue(asg.ec2.calls().contains("stop " + instance(1)));
        assertEquals(List.of(), all(asg.call("DescribeAutoScalingGroups"), "InstanceId"));
        assertEquals(2, all(asg.group("DescribeWarmPool"), "InstanceId").size());
        assertEquals(
                "Launching a new EC2 instance into warm pool: " + instance(2),
                all(asg.activities(), "Description").get(0));
    }

    @Test
    void theHookFiresOnTheWayIntoThePoolAndAgainOnTheWayIntoService() {
        asg.withGroup(0, 1, 0).withLaunchHook("gate");
        asg.group("PutWarmPool");
        asg.pass(3);
        assertEquals(List.of("Warmed:Pending:Wait"), asg.stateList());
        assertWay(LAUNCH_ACTION, "EC2", "WarmPool");
        asg.complete("gate", instance(1), "CONTINUE");
        assertEquals(List.of("Warmed:Pending:Proceed"), asg.stateList());
        asg.pass(2);
        assertEquals(List.of("Warmed:Stopped"), asg.stateList());

        asg.desire(1).pass(1);
        assertEquals(List.of("Pending"), asg.stateList());
        assertTrue(asg.ec2.calls().contains("start " + instance(1)));
        asg.pass(1);
        assertEquals(List.of("Pending:Wait"), asg.stateList());
        assertWay(LAUNCH_ACTION, "WarmPool", "AutoScalingGroup");
        asg.complete("gate", instance(1), "CONTINUE");
        asg.pass(2);
        assertEquals(Map.of(instance(1), "InService"), asg.states());
        assertEquals(
                "Launching a new EC2 instance from warm pool: " + instance(1),
                all(asg.activities(), "Description").get(0));
    }

    @Test
    void anAbandonedWarmInstanceIsReplacedInThePool() {
        asg.withGroup(0, 1, 0).withLaunchHook("gate");
        asg.group("PutWarmPool");
        asg.pass(3);
        asg.complete("gate", instance(1), "ABANDON");
        asg.pass(3);
        assertEquals(Map.of(instance(2), "Warmed:Pending:Wait"), asg.states());
        assertEquals(
                "WarmPool", asg.bus.last("EC2 Instance Launch Unsuccessful").text("Destination"));
    }

    @Test
    void aRunningPoolKeepsItsInstancesRunning() {
        asg.withGroup(0, 4, 0);
        asg.group("PutWarmPool", "PoolState=Running", "MinSize=1", "MaxGroupPreparedCapacity=1");
        asg.pass(3);
        assertEquals(List.of("Warmed:Running"), asg.stateList());
        asg.desire(1).pass(2);
        assertEquals("InService", asg.states().get(instance(1)));
        assertEquals(
                0,
                asg.ec2.calls().stream()
                        .filter(c -> c.startsWith("stop") || c.startsWith("start"))
                        .count());
    }

    @Test
    void anEmptyPoolDoesNotHoldUpAScaleOut() {
        asg.withGroup(0, 4, 0);
        asg.group("PutWarmPool", "MaxGroupPreparedCapacity=1");
        asg.pass(4);
        asg.desire(3).pass(4);
        assertEquals(List.of("InService", "InService", "InService"), asg.stateList());
    }

    @Test
    void withReuseAnInstanceReturnsToThePoolThroughTheTerminationHook() {
        asg.withGroup(0, 1, 1).withTerminationHook("drain").pass(3);
        asg.group("PutWarmPool", "InstanceReusePolicy.ReuseOnScaleIn=true");
        asg.desire(0).pass(2);
        assertEquals(Map.of(instance(1), "Warmed:Pending:Wait"), asg.states());
        assertWay(TERMINATE_ACTION, "AutoScalingGroup", "WarmPool");
        asg.complete("drain", instance(1), "CONTINUE");
        asg.pass(2);
        assertEquals(Map.of(instance(1), "Warmed:Stopped"), asg.states());
    }

    @Test
    void aReturnThatIsAbandonedEndsTheInstance() {
        asg.withGroup(0, 1, 1).withTerminationHook("drain").pass(3);
        asg.group("PutWarmPool", "InstanceReusePolicy.ReuseOnScaleIn=true");
        asg.desire(0).pass(2);
        asg.complete("drain", instance(1), "ABANDON");
        asg.pass(5);
        assertEquals(Map.of(instance(2), "Warmed:Stopped"), asg.states());
        assertEquals(0, asg.bus.ofType("EC2 Instance Launch Unsuccessful").size());
    }

    @Test
    void deletingThePoolByForcePassesNoHook() {
        asg.withGroup(0, 1, 0).withTerminationHook("drain");
        asg.group("PutWarmPool");
        asg.pass(4);
        asg.group("DeleteWarmPool", "ForceDelete=true");
        asg.pass(2);
        assertEquals(Map.of(), asg.states());
        assertEquals(0, asg.bus.ofType(TERMINATE_ACTION).size());
    }

    @Test
    void aWarmInstanceThatIsUnhealthyIsReplacedInThePool() {
        asg.withGroup(0, 1, 0);
        asg.group("PutWarmPool");
        asg.pass(4);
        asg.ec2.setState(instance(1), "terminated");
        asg.pass(20);
        assertEquals(Map.of(instance(2), "Warmed:Stopped"), asg.states());
    }

    @Test
    void deletingThePoolTerminatesItsInstancesThroughTheirHook() {
        asg.withGroup(0, 1, 0).withTerminationHook("drain");
        asg.group("PutWarmPool");
        asg.pass(4);
        asg.group("DeleteWarmPool");
        asg.pass(2);
        assertEquals(List.of("Warmed:Terminating:Wait"), asg.stateList());
        assertEquals(List.of("PendingDelete"), all(asg.group("DescribeWarmPool"), "Status"));
        asg.complete("drain", instance(1), "CONTINUE");
        asg.pass(20);
        assertEquals(Map.of(), asg.states());
        assertEquals(List.of(), all(asg.group("DescribeWarmPool"), "PoolState"));
    }

    @Test
    void aWarmInstanceCannotBeTerminatedByTheGroupsOperation() {
        asg.withGroup(0, 1, 0);
        asg.group("PutWarmPool");
        asg.pass(4);
        assertEquals(
                "ValidationError",
                asg.failing(
                                "TerminateInstanceInAutoScalingGroup",
                                "InstanceId=" + instance(1),
                                "ShouldDecrementDesiredCapacity=false")
                        .code());
    }

    @Test
    void aGroupWithAPoolIsDeletedByForceOnly() {
        asg.withGroup(0, 1, 0);
        asg.group("PutWarmPool");
        asg.pass(4);
        assertEquals("ResourceInUse", asg.groupFailing("DeleteAutoScalingGroup").code());
        asg.group("DeleteAutoScalingGroup", "ForceDelete=true");
        asg.pass(3);
        assertEquals(Map.of(), asg.states());
        assertEquals(List.of(), all(asg.call("DescribeAutoScalingGroups"), "AutoScalingGroupName"));
    }

    private void assertWay(String detailType, String origin, String destination) {
        RecordingBus.Event event = asg.bus.last(detailType);
        assertEquals(origin, event.text("Origin"));
        assertEquals(destination, event.text("Destination"));
    }
}
