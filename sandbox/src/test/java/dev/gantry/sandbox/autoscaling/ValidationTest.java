package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Asg.GROUP;
import static dev.gantry.sandbox.autoscaling.Asg.all;
import static dev.gantry.sandbox.autoscaling.Asg.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.wire.AwsError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTest {
    private static final String LAUNCHING = "LifecycleTransition=autoscaling:EC2_INSTANCE_LAUNCHING";

    private final Asg asg = new Asg();

    @Test
    void anActionThatIsNotThereAnswersInvalidAction() {
        AwsError error = asg.failing("StartInstanceRefresh");
        assertEquals("InvalidAction", error.code());
        assertEquals(400, error.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with:colon", "with space", "umlaut-\u00fc"})
    void aNewGroupsNameIsChecked(String name) {
        AwsError error = asg.failing("CreateAutoScalingGroup", "AutoScalingGroupName=" + name);
        assertEquals("ValidationError", error.code());
        assertTrue(error.getMessage().contains("at 'autoScalingGroupName'"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MinSize=3 | Max bound, 2, must be greater than or equal to min bound, 3",
                "DesiredCapacity=9 | Desired capacity:9 must be between the specified min size:0 and max size:2",
                "MaxSize=-1 | 1 validation error detected: Value '-1' at 'maxSize' failed to satisfy constraint: "
                        + "Member must have value greater than or equal to 0",
                "TrafficSources.member.1.Identifier=arn | "
                        + "The sandbox does not implement TrafficSources; leave it out to go on",
                "AvailabilityZoneDistribution.CapacityDistributionStrategy=balanced-only | "
                        + "The sandbox does not implement AvailabilityZoneDistribution balanced-only; leave it out to go on",
                "AvailabilityZones.member.1=us-east-1a | "
                        + "Invalid Availability Zone: us-east-1a is not in region eu-central-1",
                "LaunchTemplate.LaunchTemplateId=lt-1 | "
                        + "Valid requests must contain either launchTemplateId or LaunchTemplateName",
                "HealthCheckType=PING | Invalid HealthCheckType: PING",
                "Tags.member.1.Key=aws:x | Reserved Tag Prefix - Tag keys cannot begin with 'aws:'"
            })
    void settingsOfAGroupAreCheckedAndNothingIsCreated(String parameter, String message) {
        List<String> all = new ArrayList<>(List.of(
                "MinSize=0",
                "MaxSize=2",
                "LaunchTemplate.LaunchTemplateName=gantry",
                "AvailabilityZones.member.1=eu-central-1a"));
        all.add(parameter);
        AwsError error = asg.groupFailing("CreateAutoScalingGroup", all.toArray(String[]::new));
        assertEquals("ValidationError", error.code());
        assertEquals(message, error.getMessage());
        assertEquals(List.of(), all(asg.call("DescribeAutoScalingGroups"), "AutoScalingGroupName"));
    }

    @Test
    void anUpdateAsTerraformsProviderSendsItIsTaken() {
        asg.withGroup(0, 1, 0)
                .group(
                        "UpdateAutoScalingGroup",
                        "AvailabilityZoneDistribution.CapacityDistributionStrategy=balanced-best-effort",
                        "DefaultInstanceWarmup=120",
                        "NewInstancesProtectedFromScaleIn=false");
        assertEquals(List.of("120"), all(asg.call("DescribeAutoScalingGroups"), "DefaultInstanceWarmup"));
    }

    @Test
    void aGroupNeedsSomethingToLaunchAndSomewhereToPutIt() {
        assertTrue(asg.groupFailing(
                        "CreateAutoScalingGroup", "MinSize=0", "MaxSize=1", "AvailabilityZones.member.1=eu-central-1a")
                .getMessage()
                .startsWith("Valid requests must contain either LaunchTemplate"));
        assertEquals(
                "At least one Availability Zone or VPC Subnet is required.",
                asg.groupFailing("CreateAutoScalingGroup", "MinSize=0", "MaxSize=1", "LaunchConfigurationName=c")
                        .getMessage());
    }

    @Test
    void aSecondGroupOfTheSameNameAlreadyExists() {
        asg.withGroup(0, 1, 0);
        assertEquals("AlreadyExists", asg.groupFailing("CreateAutoScalingGroup").code());
    }

    @ParameterizedTest
    @CsvSource({"29,greater than or equal to 30", "7201,less than or equal to 7200"})
    void aHeartbeatTimeoutKeepsItsBounds(String seconds, String rule) {
        asg.withGroup(0, 1, 0);
        AwsError error = asg.groupFailing(
                "PutLifecycleHook", "LifecycleHookName=gate", LAUNCHING, "HeartbeatTimeout=" + seconds);
        assertEquals("ValidationError", error.code());
        assertTrue(error.getMessage().endsWith(rule), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "with.dot", ""})
    void aHooksNameIsChecked(String name) {
        asg.withGroup(0, 1, 0);
        assertEquals(
                "ValidationError",
                asg.groupFailing("PutLifecycleHook", "LifecycleHookName=" + name, LAUNCHING)
                        .code());
    }

    @Test
    void aNewHookNeedsATransitionAndAnOldOneKeepsIts() {
        asg.withGroup(0, 1, 0);
        assertTrue(asg.groupFailing("PutLifecycleHook", "LifecycleHookName=gate")
                .getMessage()
                .contains("'lifecycleTransition'"));
        asg.withLaunchHook("gate", "NotificationMetadata=a");
        asg.group("PutLifecycleHook", "LifecycleHookName=gate", "HeartbeatTimeout=60", "DefaultResult=CONTINUE");
        String hooks = asg.group("DescribeLifecycleHooks");
        assertEquals(List.of("60"), all(hooks, "HeartbeatTimeout"));
        assertEquals(List.of("6000"), all(hooks, "GlobalTimeout"));
        assertEquals(List.of("CONTINUE"), all(hooks, "DefaultResult"));
        assertEquals(List.of("a"), all(hooks, "NotificationMetadata"));
    }

    @Test
    void aGroupHasFiftyHooksAtMost() {
        asg.withGroup(0, 1, 0);
        for (int i = 0; i < 50; i++) {
            asg.withLaunchHook("hook-" + i);
        }
        assertEquals(
                "LimitExceeded",
                asg.groupFailing("PutLifecycleHook", "LifecycleHookName=hook-50", LAUNCHING)
                        .code());
    }

    @Test
    void aResultIsContinueOrAbandon() {
        asg.withGroup(0, 1, 0).withLaunchHook("gate").desire(1).pass(2);
        AwsError error = asg.groupFailing(
                "CompleteLifecycleAction",
                "LifecycleHookName=gate",
                "InstanceId=" + instance(1),
                "LifecycleActionResult=continue");
        assertTrue(error.getMessage().contains("[CONTINUE, ABANDON]"));
        assertEquals(List.of("Pending:Wait"), asg.stateList());
    }

    @Test
    void anotherHooksNameDoesNotCompleteTheAction() {
        asg.withGroup(0, 1, 0).withLaunchHook("gate").desire(1).pass(2);
        AwsError error = asg.groupFailing(
                "CompleteLifecycleAction",
                "LifecycleHookName=other",
                "InstanceId=" + instance(1),
                "LifecycleActionResult=CONTINUE");
        assertEquals("No active Lifecycle Action found with instance ID " + instance(1), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "DescribeAutoScalingInstances,51",
        "DescribeAutoScalingGroups,101",
        "DescribeScalingActivities,101",
        "DescribeTags,101",
        "DescribeTags,0"
    })
    void pagesHaveTheirLargestSize(String action, String size) {
        assertEquals(
                "ValidationError", asg.failing(action, "MaxRecords=" + size).code());
    }

    @Test
    void atMostFiftyInstancesAreDescribedAtOnce() {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i <= 51; i++) {
            ids.add("InstanceIds.member." + i + "=" + instance(i));
        }
        assertEquals(
                "ValidationError",
                asg.failing("DescribeAutoScalingInstances", ids.toArray(String[]::new))
                        .code());
        asg.call("DescribeAutoScalingInstances", ids.subList(0, 50).toArray(String[]::new));
    }

    @Test
    void capacitiesOutOfBoundsAreRefusedInTheWordsOfTheService() {
        asg.withGroup(1, 2, 1);
        assertEquals(
                "New SetDesiredCapacity value 3 is above max value 2 for the AutoScalingGroup.",
                asg.groupFailing("SetDesiredCapacity", "DesiredCapacity=3").getMessage());
        assertEquals(
                "New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.",
                asg.groupFailing("SetDesiredCapacity", "DesiredCapacity=0").getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UpdateAutoScalingGroup",
                "DeleteAutoScalingGroup",
                "DescribeLifecycleHooks",
                "SuspendProcesses",
                "PutWarmPool",
                "DescribeWarmPool"
            })
    void aGroupThatDoesNotExistIsAValidationError(String action) {
        AwsError error = asg.groupFailing(action);
        assertEquals("ValidationError", error.code());
        assertEquals(
                "AutoScalingGroup name not found - AutoScalingGroup '" + GROUP + "' not found", error.getMessage());
    }

    @Test
    void anUnknownProcessSuspendsNothing() {
        asg.withGroup(0, 1, 0);
        assertEquals(
                "ValidationError",
                asg.groupFailing(
                                "SuspendProcesses",
                                "ScalingProcesses.member.1=Launch",
                                "ScalingProcesses.member.2=Lunch")
                        .code());
        assertEquals(List.of(), all(asg.call("DescribeAutoScalingGroups"), "ProcessName"));
    }

    @Test
    void aTokenOfAnotherServiceIsInvalid() {
        assertEquals(
                "InvalidNextToken",
                asg.failing("DescribeAutoScalingInstances", "NextToken=Zm9v").code());
    }
}
