package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Asg.all;
import static dev.gantry.sandbox.autoscaling.Asg.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminationTest {
    private final Asg asg = new Asg();

    @Test
    void scaleInTerminatesTheOldestInstanceOfTheFullestZone() {
        asg.withGroup(0, 4, 3).pass(3);
        asg.desire(2).pass(2);
        assertEquals(List.of(instance(2), instance(3)), List.copyOf(asg.states().keySet()));
        String cause = all(asg.activities(), "Cause").get(0);
        assertTrue(cause.contains("explicitly set group desired capacity changing the desired capacity from 3 to 2."));
        assertTrue(cause.contains("shrinking the capacity from 3 to 2."));
        assertEquals(1, asg.bus.ofType("EC2 Instance Terminate Successful").size());
    }

    @Test
    void aTerminationHookHoldsTheInstanceBeforeEc2IsAsked() {
        asg.withGroup(0, 4, 1).withTerminationHook("drain").pass(3);
        asg.desire(0).pass(2);
        assertEquals(List.of("Terminating:Wait"), asg.stateList());
        assertFalse(asg.ec2.calls().contains("terminate " + instance(1)));
        asg.complete("drain", instance(1), "CONTINUE");
        assertEquals(List.of("Terminating:Proceed"), asg.stateList());
        asg.pass(1);
        assertEquals(Map.of(), asg.states());
    }

    @Test
    void abandoningOneTerminationHookSkipsTheOtherAndTerminates() {
        asg.withGroup(0, 4, 1)
                .withTerminationHook("drain")
                .withTerminationHook("logs")
                .pass(3);
        asg.desire(0).pass(2);
        asg.complete("drain", instance(1), "ABANDON");
        asg.pass(1);
        assertEquals(Map.of(), asg.states());
        assertEquals("Successful", all(asg.activities(), "StatusCode").get(0));
    }

    @Test
    void deletingATerminationHookLetsTheTerminationContinue() {
        asg.withGroup(0, 4, 1).withTerminationHook("drain").pass(3);
        asg.desire(0).pass(2);
        asg.group("DeleteLifecycleHook", "LifecycleHookName=drain");
        asg.pass(1);
        assertEquals(Map.of(), asg.states());
    }

    @Test
    void anAbandonedLaunchPassesNoTerminationHook() {
        asg.withGroup(0, 4, 0).withLaunchHook("gate").withTerminationHook("drain");
        asg.desire(1).pass(2);
        asg.complete("gate", instance(1), "ABANDON");
        assertTrue(asg.ec2.calls().contains("terminate " + instance(1)));
        assertEquals(0, asg.bus.ofType(Asg.TERMINATE_ACTION).size());
    }

    @Test
    void aUserTerminatesAnInstanceAndLowersTheCapacity() {
        asg.withGroup(0, 4, 2).pass(3);
        String answer = asg.call(
                "TerminateInstanceInAutoScalingGroup",
                "InstanceId=" + instance(1),
                "ShouldDecrementDesiredCapacity=true");
        assertEquals(List.of("InProgress"), all(answer, "StatusCode"));
        assertTrue(all(answer, "Cause")
                .get(0)
                .endsWith("in response to a user request, shrinking the capacity from 2 to 1."));
        asg.pass(5);
        assertEquals(Map.of(instance(2), "InService"), asg.states());
    }

    @Test
    void aTerminationThatWouldViolateTheMinimumIsRefused() {
        asg.withGroup(1, 4, 1).pass(3);
        var error = asg.failing(
                "TerminateInstanceInAutoScalingGroup",
                "InstanceId=" + instance(1),
                "ShouldDecrementDesiredCapacity=true");
        assertTrue(error.getMessage().startsWith("Currently, desiredSize equals minSize (1)."));
    }

    @Test
    void forceDeletePassesNoHookAndEndsTheGroup() {
        asg.withGroup(0, 4, 2).withTerminationHook("drain").pass(3);
        assertEquals("ResourceInUse", asg.groupFailing("DeleteAutoScalingGroup").code());
        asg.group("DeleteAutoScalingGroup", "ForceDelete=true");
        asg.pass(2);
        assertEquals(List.of(), all(asg.call("DescribeAutoScalingGroups"), "AutoScalingGroupName"));
        assertEquals(0, asg.bus.ofType(Asg.TERMINATE_ACTION).size());
        asg.pass(30);
        assertEquals(2, asg.bus.ofType("EC2 Instance Terminate Successful").size());
        String history =
                asg.call("DescribeScalingActivities", "AutoScalingGroupName=" + Asg.GROUP, "IncludeDeletedGroups=true");
        assertEquals(4, all(history, "AutoScalingGroupState").size());
    }

    @Test
    void deletingAGroupWhileItScalesIsRefused() {
        asg.withGroup(0, 4, 1).pass(1);
        assertEquals(
                "ScalingActivityInProgress",
                asg.groupFailing("DeleteAutoScalingGroup").code());
    }
}
