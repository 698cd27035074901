package dev.gantry.sandbox.autoscaling;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.events.EventBus;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the service publishes: events on the bus, in the shape of AS/ec2-auto-scaling-event-reference and
 * AS/warm-pools-eventbridge-events, and messages to a hook's queue, in the shape of
 * AS/configuring-lifecycle-hook-notifications.
 */
final class Notices {
    private static final System.Logger LOG = System.getLogger(Notices.class.getName());
    private static final String SOURCE = "aws.autoscaling";
    private static final String SERVICE = "AWS Auto Scaling";

    private final String region;
    private final String account;
    private final EventBus bus;
    private final QueueSender queues;

    Notices(String region, String account, EventBus bus, QueueSender queues) {
        this.region = region;
        this.account = account;
        this.bus = bus;
        this.queues = queues;
    }

    void lifecycleAction(Group group, Member member, Journey journey, LifecycleAction action) {
        ObjectNode detail = JsonNodeFactory.instance
                .objectNode()
                .put("LifecycleActionToken", action.token())
                .put("AutoScalingGroupName", group.name())
                .put("LifecycleHookName", action.hook().name())
                .put("EC2InstanceId", member.id())
                .put("LifecycleTransition", action.hook().transition().wire());
        action.hook().metadata().ifPresent(text -> detail.put("NotificationMetadata", text));
        detail.put("Origin", journey.from().wire())
                .put("Destination", journey.to().wire());
        bus.put(SOURCE, action.hook().transition().detailType(), List.of(group.arn()), detail);
        action.hook().target().ifPresent(queue -> deliver(queue, message(detail, action.since())));
    }

    void launchSuccessful(Activity activity, Journey journey) {
        scaled("EC2 Instance Launch Successful", activity, "InProgress", Optional.of(journey));
    }

    /** {@code Details} and all, but no Description: AWS's sample of this one has none. */
    void launchUnsuccessful(Activity activity, Journey journey) {
        scaled(
                "EC2 Instance Launch Unsuccessful",
                activity,
                activity.status().wire(),
                Optional.of(journey).filter(j -> activity.instanceId().isPresent()));
    }

    void terminateSuccessful(Activity activity, Journey journey) {
        scaled("EC2 Instance Terminate Successful", activity, "InProgress", Optional.of(journey));
    }

    /** The test message of PutLifecycleHook; where it cannot be published, AWS refuses the hook. */
    void test(Group group, String target, Optional<String> role, Instant now) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("AutoScalingGroupARN", group.arn())
                .put("AutoScalingGroupName", group.name())
                .put("Event", "autoscaling:TEST_NOTIFICATION");
        try {
            if (!standardQueue(target)) {
                throw new IllegalArgumentException("not a standard SQS queue of this sandbox: " + target);
            }
            queues.send(target, message(body, now).toString());
        } catch (RuntimeException e) {
            AwsError error = Faults.validation("Unable to publish test message to notification target " + target
                    + " using IAM role " + role.orElse("")
                    + ". Please check your target and role configuration and try to"
                    + " put lifecycle hook again.");
            error.initCause(e);
            throw error;
        }
    }

    private static boolean standardQueue(String target) {
        return target.startsWith("arn:aws:sqs:") && !target.endsWith(".fifo");
    }

    private void scaled(String detailType, Activity activity, String statusCode, Optional<Journey> journey) {
        ObjectNode detail = JsonNodeFactory.instance.objectNode().put("StatusCode", statusCode);
        if (!detailType.endsWith("Unsuccessful")) {
            detail.put("Description", activity.description());
        }
        detail.put("AutoScalingGroupName", activity.groupName()).put("ActivityId", activity.id());
        detail.set("Details", details(activity));
        detail.put("RequestId", activity.id())
                .put("StatusMessage", activity.message().orElse(""))
                .put("EndTime", Xml.time(activity.end().orElse(activity.start())))
                .put("EC2InstanceId", activity.instanceId().orElse(""))
                .put("StartTime", Xml.time(activity.start()))
                .put("Cause", activity.cause());
        journey.ifPresent(j -> detail.put("Origin", j.from().wire()).put("Destination", j.to().wire()));
        bus.put(SOURCE, detailType, resources(activity), detail);
    }

    static ObjectNode details(Activity activity) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        activity.subnet().ifPresent(id -> details.put("Subnet ID", id));
        return details.put("Availability Zone", activity.zone());
    }

    private List<String> resources(Activity activity) {
        return activity.instanceId()
                .map(id -> List.of(activity.groupArn(), "arn:aws:ec2:" + region + ":" + account + ":instance/" + id))
                .orElse(List.of(activity.groupArn()));
    }

    private ObjectNode message(ObjectNode fields, Instant now) {
        return fields.deepCopy()
                .put("AccountId", account)
                .put("RequestId", UUID.randomUUID().toString())
                .put("Service", SERVICE)
                .put("Time", Xml.time(now));
    }

    private void deliver(String queue, ObjectNode body) {
        try {
            queues.send(queue, body.toString());
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Auto Scaling: a lifecycle notification to " + queue + " was lost: " + e.getMessage());
        }
    }
}
