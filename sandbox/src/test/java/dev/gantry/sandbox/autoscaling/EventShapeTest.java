package dev.gantry.sandbox.autoscaling;

import static dev.gantry.sandbox.autoscaling.Asg.GROUP;
import static dev.gantry.sandbox.autoscaling.Asg.LAUNCH_ACTION;
import static dev.gantry.sandbox.autoscaling.Asg.all;
import static dev.gantry.sandbox.autoscaling.Asg.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventShapeTest {
    private static final String QUEUE = "arn:aws:sqs:eu-central-1:111122223333:hooks";
    private static final String ROLE = "arn:aws:iam::111122223333:role/hooks";

    private final Asg asg = new Asg();

    @Test
    void aLaunchActionCarriesTheDocumentedFieldsInTheirOrder() {
        asg.withGroup(0, 1, 0)
                .withLaunchHook("gate", "NotificationMetadata=fleet a")
                .desire(1)
                .pass(2);
        RecordingBus.Event event = asg.bus.last(LAUNCH_ACTION);
        assertEquals("aws.autoscaling", event.source());
        assertEquals(all(asg.call("DescribeAutoScalingGroups"), "AutoScalingGroupARN"), event.resources());
        assertEquals(
                List.of(
                        "LifecycleActionToken",
                        "AutoScalingGroupName",
                        "LifecycleHookName",
                        "EC2InstanceId",
                        "LifecycleTransition",
                        "NotificationMetadata",
                        "Origin",
                        "Destination"),
                fields(event.detail()));
        assertTrue(event.text("LifecycleActionToken").matches("[0-9a-f-]{36}"));
        assertEquals("autoscaling:EC2_INSTANCE_LAUNCHING", event.text("LifecycleTransition"));
        assertEquals("fleet a", event.text("NotificationMetadata"));
        assertEquals("EC2", event.text("Origin"));
        assertEquals("AutoScalingGroup", event.text("Destination"));
    }

    @Test
    void metadataIsLeftOutIfTheHookHasNone() {
        asg.withGroup(0, 1, 0).withLaunchHook("gate").desire(1).pass(2);
        assertFalse(asg.bus.last(LAUNCH_ACTION).detail().has("NotificationMetadata"));
    }

    @Test
    void theEventOfASuccessfulLaunchNamesGroupAndInstance() {
        asg.withGroup(0, 1, 1, "VPCZoneIdentifier=subnet-7").pass(2);
        RecordingBus.Event event = asg.bus.last("EC2 Instance Launch Successful");
        assertEquals(
                "arn:aws:ec2:eu-central-1:111122223333:instance/" + instance(1),
                event.resources().get(1));
        assertEquals(
                List.of(
                        "StatusCode",
                        "Description",
                        "AutoScalingGroupName",
                        "ActivityId",
                        "Details",
                        "RequestId",
                        "StatusMessage",
                        "EndTime",
                        "EC2InstanceId",
                        "StartTime",
                        "Cause",
                        "Origin",
                        "Destination"),
                fields(event.detail()));
        assertEquals("InProgress", event.text("StatusCode"));
        assertEquals("Launching a new EC2 instance: " + instance(1), event.text("Description"));
        assertEquals(
                "subnet-7", event.detail().path("Details").path("Subnet ID").asText());
        assertEquals("", event.text("StatusMessage"));
    }

    @Test
    void aHookWithAQueueIsTestedOnceAndThenNotifiesIt() throws JsonProcessingException {
        asg.withGroup(0, 1, 0)
                .withLaunchHook("gate", "NotificationTargetARN=" + QUEUE, "RoleARN=" + ROLE)
                .withLaunchHook("gate", "HeartbeatTimeout=60");
        assertEquals(1, asg.queues.get(QUEUE).size());
        JsonNode test = message(0);
        assertEquals("autoscaling:TEST_NOTIFICATION", test.path("Event").asText());
        assertEquals(GROUP, test.path("AutoScalingGroupName").asText());
        assertFalse(test.has("EC2InstanceId"));
        assertFalse(test.has("LifecycleActionToken"));

        asg.desire(1).pass(2);
        JsonNode action = message(1);
        assertEquals("AWS Auto Scaling", action.path("Service").asText());
        assertEquals("111122223333", action.path("AccountId").asText());
        assertEquals(instance(1), action.path("EC2InstanceId").asText());
        assertEquals(
                asg.bus.last(LAUNCH_ACTION).text("LifecycleActionToken"),
                action.path("LifecycleActionToken").asText());
    }

    @Test
    void aHookWhoseQueueCannotBeReachedIsRefused() {
        asg.withGroup(0, 1, 0);
        var error = asg.groupFailing(
                "PutLifecycleHook",
                "LifecycleHookName=gate",
                "LifecycleTransition=autoscaling:EC2_INSTANCE_LAUNCHING",
                "NotificationTargetARN=arn:aws:sqs:eu-central-1:111122223333:missing",
                "RoleARN=" + ROLE);
        assertEquals("ValidationError", error.code());
        assertTrue(error.getMessage().startsWith("Unable to publish test message to notification target"));
        assertEquals(List.of(), all(asg.group("DescribeLifecycleHooks"), "LifecycleHookName"));
    }

    @Test
    void eventsComeInTheOrderInWhichThingsHappened() {
        asg.withGroup(0, 1, 0).withLaunchHook("gate").withTerminationHook("drain");
        asg.desire(1).pass(2);
        asg.complete("gate", instance(1), "CONTINUE");
        asg.pass(2);
        asg.desire(0).pass(3);
        asg.complete("drain", instance(1), "CONTINUE");
        asg.pass(2);
        assertEquals(
                List.of(
                        LAUNCH_ACTION,
                        "EC2 Instance Launch Successful",
                        Asg.TERMINATE_ACTION,
                        "EC2 Instance Terminate Successful"),
                asg.bus.types());
    }

    private JsonNode message(int index) throws JsonProcessingException {
        return new ObjectMapper().readTree(asg.queues.get(QUEUE).get(index));
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
