package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Asg.all;
import static dev.gantry.sandbox.autoscaling.Asg.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private final Asg asg = new Asg();

    @Test
    void instancesSpreadOverTheZones() {
        asg.withGroup(0, 4, 4).pass(3);
        assertEquals(
                List.of("eu-central-1a", "eu-central-1b", "eu-central-1a", "eu-central-1b"),
                all(asg.call("DescribeAutoScalingInstances"), "AvailabilityZone"));
    }

    @Test
    void anInstanceCarriesTheGroupsNameAndTheTagsThatPropagate() {
        asg.withGroup(
                        0,
                        1,
                        1,
                        "Tags.member.1.Key=role",
                        "Tags.member.1.Value=rtsp",
                        "Tags.member.1.PropagateAtLaunch=true",
                        "Tags.member.2.Key=cost",
                        "Tags.member.2.Value=42")
                .pass(1);
        assertEquals(
                Map.of("aws:autoscaling:groupName", Asg.GROUP, "role", "rtsp"),
                asg.ec2.find(instance(1)).orElseThrow().spec().tags());
    }

    @Test
    void nothingIsLaunchedWhileLaunchIsSuspended() {
        asg.withGroup(0, 4, 0);
        asg.group("SuspendProcesses", "ScalingProcesses.member.1=Launch");
        asg.desire(2).pass(60);
        assertEquals(Map.of(), asg.states());
        asg.group("ResumeProcesses", "ScalingProcesses.member.1=Launch");
        asg.pass(2);
        assertEquals(2, asg.states().size());
    }

    @Test
    void anAbandonedInstanceIsNotReplacedWhileLaunchIsSuspended() {
        asg.withGroup(0, 4, 0).withLaunchHook("gate").desire(1).pass(2);
        asg.group("SuspendProcesses", "ScalingProcesses.member.1=Launch");
        asg.complete("gate", instance(1), "ABANDON");
        asg.pass(60);
        assertEquals(Map.of(), asg.states());
    }

    @Test
    void nothingIsTerminatedWhileTerminateIsSuspended() {
        asg.withGroup(0, 4, 2).pass(3);
        asg.group("SuspendProcesses", "ScalingProcesses.member.1=Terminate");
        asg.call("SetInstanceHealth", "InstanceId=" + instance(1), "HealthStatus=Unhealthy");
        asg.desire(1).pass(60);
        assertEquals(List.of("InService", "InService"), asg.stateList());
        asg.group("ResumeProcesses");
        asg.pass(5);
        assertEquals(Map.of(instance(2), "InService"), asg.states());
    }

    @Test
    void suspendingTwiceKeepsTheFirstReason() {
        asg.withGroup(0, 4, 0);
        asg.group("SuspendProcesses");
        String first = asg.call("DescribeAutoScalingGroups");
        asg.pass(60);
        asg.group("SuspendProcesses", "ScalingProcesses.member.1=Launch");
        assertEquals(9, all(first, "ProcessName").size());
        assertEquals(all(first, "SuspensionReason"), all(asg.call("DescribeAutoScalingGroups"), "SuspensionReason"));
        assertEquals(
                "User suspended at 2026-01-01T00:00:00.000Z",
                all(first, "SuspensionReason").get(0));
    }

    @Test
    void anUnhealthyInstanceIsReplaced() {
        asg.withGroup(0, 4, 1).pass(3);
        asg.call("SetInstanceHealth", "InstanceId=" + instance(1), "HealthStatus=Unhealthy");
        asg.pass(3);
        assertEquals(Map.of(instance(2), "InService"), asg.states());
        assertTrue(asg.activities().contains("taken out of service in response to a user health-check."));
        assertTrue(asg.activities().contains("in response to an unhealthy instance needing to be replaced."));
    }

    @Test
    void withinItsGracePeriodAnInstanceStaysHealthy() {
        asg.withGroup(0, 4, 1, "HealthCheckGracePeriod=300").pass(3);
        asg.call("SetInstanceHealth", "InstanceId=" + instance(1), "HealthStatus=Unhealthy");
        asg.pass(30);
        assertEquals(Map.of(instance(1), "InService"), asg.states());
        asg.call(
                "SetInstanceHealth",
                "InstanceId=" + instance(1),
                "HealthStatus=Unhealthy",
                "ShouldRespectGracePeriod=false");
        asg.pass(3);
        assertEquals(Map.of(instance(2), "InService"), asg.states());
    }

    @Test
    void anInstanceThatIsTerminatedThroughEc2IsReplaced() {
        asg.withGroup(0, 4, 1).pass(3);
        asg.ec2.setState(instance(1), "terminated");
        asg.pass(20);
        assertEquals(Map.of(instance(2), "InService"), asg.states());
        assertTrue(asg.activities().contains("EC2 health check indicating it has been terminated or stopped."));
    }

    @Test
    void launchesThatEc2RefusesBackOff() {
        asg.ec2.refuseLaunches("We currently do not have sufficient t3.small capacity");
        asg.withGroup(0, 4, 1).pass(120);
        List<String> codes = all(asg.activities(), "StatusCode");
        assertTrue(codes.size() >= 2 && codes.size() <= 4, codes.toString());
        assertEquals("Failed", codes.get(0));
        assertEquals(
                codes.size(), asg.bus.ofType("EC2 Instance Launch Unsuccessful").size());
        asg.ec2.acceptLaunches();
        asg.pass(900);
        assertEquals(Map.of(instance(1), "InService"), asg.states());
    }

    @Test
    void afterADayWithoutALaunchTheServiceItselfSuspendsLaunch() {
        asg.ec2.refuseLaunches("InvalidAMIID.NotFound");
        asg.withGroup(0, 4, 1).pass(86_400 + 60);
        assertTrue(all(asg.call("DescribeAutoScalingGroups"), "SuspensionReason")
                .get(0)
                .startsWith("Administratively suspended"));
    }

    @Test
    void protectedInstancesAreNotScaledInAndTheHistorySaysSoOnce() {
        asg.withGroup(0, 4, 2, "NewInstancesProtectedFromScaleIn=true").pass(3);
        asg.desire(1).pass(60);
        assertEquals(2, asg.states().size());
        assertEquals(
                List.of(
                        "Could not scale to desired capacity because all remaining instances are protected from scale-in."),
                all(asg.activities(), "Description").stream()
                        .filter(d -> d.startsWith("Could not"))
                        .toList());
    }

    @Test
    void standbyTakesAnInstanceOutAndBringsItBackWithoutAHook() {
        asg.withGroup(0, 4, 1).pass(3).withLaunchHook("gate");
        asg.group("EnterStandby", "InstanceIds.member.1=" + instance(1), "ShouldDecrementDesiredCapacity=true");
        assertEquals(List.of("EnteringStandby"), asg.stateList());
        asg.pass(30);
        assertEquals(Map.of(instance(1), "Standby"), asg.states());
        asg.group("ExitStandby", "InstanceIds.member.1=" + instance(1));
        assertEquals(List.of("Pending"), asg.stateList());
        asg.pass(30);
        assertEquals(Map.of(instance(1), "InService"), asg.states());
        assertEquals(List.of("1"), all(asg.call("DescribeAutoScalingGroups"), "DesiredCapacity"));
    }

    @Test
    void anInstanceTerminatedOnItsWayIntoStandbyLeavesNoOpenActivity() {
        asg.withGroup(0, 4, 1).pass(3);
        asg.group("EnterStandby", "InstanceIds.member.1=" + instance(1), "ShouldDecrementDesiredCapacity=true");
        asg.call(
                "TerminateInstanceInAutoScalingGroup",
                "InstanceId=" + instance(1),
                "ShouldDecrementDesiredCapacity=false");
        asg.pass(5);
        assertEquals(Map.of(), asg.states());
        assertEquals(List.of("Successful", "Cancelled", "Successful"), all(asg.activities(), "StatusCode"));
    }

    @Test
    void aReplacementDoesNotRepeatTheUsersRequestAsItsCause() {
        asg.withGroup(0, 4, 0).withLaunchHook("gate").desire(1).pass(2);
        asg.complete("gate", instance(1), "ABANDON");
        asg.pass(1);
        String cause = all(asg.activities(), "Cause").get(0);
        assertTrue(
                cause.matches("At \\S+ an instance was started in response to a difference between desired and actual"
                        + " capacity, increasing the capacity from 0 to 1\\."),
                cause);
    }

    @Test
    void aDetachedInstanceLivesOnAndIsReplaced() {
        asg.withGroup(0, 4, 1).pass(3);
        asg.group("DetachInstances", "InstanceIds.member.1=" + instance(1), "ShouldDecrementDesiredCapacity=false");
        asg.pass(5);
        assertEquals(Map.of(instance(2), "InService"), asg.states());
        assertEquals("running", asg.ec2.find(instance(1)).orElseThrow().state());
    }

    @Test
    void anUpdateMovesTheDesiredCapacityIntoItsNewBounds() {
        asg.withGroup(0, 4, 3).pass(3);
        asg.group("UpdateAutoScalingGroup", "MaxSize=2");
        asg.pass(3);
        assertEquals(2, asg.states().size());
        assertTrue(asg.activities()
                .contains("user request update of AutoScalingGroup constraints to min: 0, max: 2, desired: 2"));
    }
}
