package dev.gantry.function.signal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.function.signal.Signal.Malformed.Kind;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the messages of the launch queue.
 *
 * <p>Event shapes: docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html and
 * docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-eventbridge-events.html and
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html. Samples of each are in
 * {@code src/test/resources/events}.
 */
public final class SignalParser {
    /** A message that an instance sent has its role id and its own id as the sender. */
    private static final Pattern INSTANCE_SENDER = Pattern.compile("[^:]+:(i-[0-9a-f]+)");

    private static final Pattern COMMAND = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** A field that is missing or wrong. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    /**
     * Reads one message.
     *
     * @param senderId the message's SenderId attribute: an instance's message counts for that instance only
     */
    public Signal parse(String body, String senderId) {
        try {
            JsonNode event = Json.foreign(body);
            if (isEnvelope(event)) {
                event = Json.foreign(event.path("Message").textValue());
            }
            if (event == null || !event.isObject()) {
                return new Signal.Malformed(Kind.NOT_AN_OBJECT, "the message is not a JSON object");
            }
            Matcher instance = INSTANCE_SENDER.matcher(senderId);
            return instance.matches() ? announced(event, instance.group(1)) : parse(event);
        } catch (JsonProcessingException e) {
            String why = Text.clip(String.valueOf(e.getOriginalMessage()), 200);
            return new Signal.Malformed(Kind.NOT_JSON, "the message is not JSON: " + why);
        } catch (Unreadable e) {
            return new Signal.Malformed(Kind.WRONG_FIELD, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Signal.Malformed(Kind.DEFECT, "a defect in Gantry: " + Text.clip(String.valueOf(e), 400));
        }
    }

    /**
     * An SNS topic between the source and the queue wraps what it delivers, unless its subscription has raw delivery (SNS
     * developer guide, "Parsing Amazon SNS message formats"). It is unwrapped once.
     */
    private static boolean isEnvelope(JsonNode event) {
        return event != null
                && "Notification".equals(event.path("Type").asText())
                && event.path("TopicArn").isTextual()
                && event.path("Message").isTextual();
    }

    private static Signal parse(JsonNode event) {
        if ("autoscaling:TEST_NOTIFICATION".equals(event.path("Event").asText())) {
            return new Signal.Nothing("a hook's test notification");
        } else if ("SubscriptionConfirmation".equals(event.path("Type").asText())) {
            return new Signal.Nothing("a topic wants its subscription confirmed: do it by hand, if it is yours");
        } else if (event.has("LifecycleTransition")) {
            return lifecycle(event, event, "Time");
        }
        String kind = text(event, "source", "") + " / " + text(event, "detail-type", "");
        return switch (kind) {
            case "aws.autoscaling / EC2 Instance-launch Lifecycle Action" -> lifecycle(event, detail(event), "time");
            case "aws.ssm / EC2 Command Invocation Status-change Notification" -> invocation(detail(event));
            case "aws.ssm / EC2 Command Status-change Notification" -> new Signal.CommandEnded(command(detail(event)));
            case "aws.ec2 / EC2 Spot Instance Interruption Warning" -> new Signal.LookAt(
                    Look.interrupted(instance(detail(event), "instance-id", "detail."), time(event, "time")));
            case "gantry / Instance Announcement" -> new Signal.LookAt(
                    Look.at(instance(detail(event), "EC2InstanceId", "detail.")));
            default -> new Signal.Nothing("an event that Gantry has no use for: " + Text.clip(kind, 120));
        };
    }

    private static Signal announced(JsonNode event, String sender) {
        InstanceId instance = instance(detail(event), "EC2InstanceId", "detail.");
        return instance.value().equals(sender)
                ? new Signal.LookAt(Look.at(instance))
                : new Signal.Malformed(
                        Kind.ANOTHER_INSTANCE, "instance " + sender + " announced another one: " + instance);
    }

    /** EventBridge puts the fields into {@code detail}; a hook with a notification target sends them at the top level. */
    private static Signal lifecycle(JsonNode event, JsonNode fields, String timeField) {
        String path = event.has("detail") ? "detail." : "";
        String transition = text(fields, "LifecycleTransition", path);
        if (!"autoscaling:EC2_INSTANCE_LAUNCHING".equals(transition)) {
            return new Signal.Nothing("a lifecycle transition that is no launch: " + Text.clip(transition, 60));
        }
        Hint hint = new Hint(
                text(fields, "LifecycleActionToken", path), time(event, timeField), gate(fields), group(fields));
        return new Signal.Launching(
                Look.waiting(instance(fields, "EC2InstanceId", path), text(fields, "LifecycleHookName", path), hint));
    }

    /** Older events, and some notifications, have no Destination; an unknown one is ignored. */
    private static Optional<Gate> gate(JsonNode fields) {
        return switch (fields.path("Destination").asText()) {
            case "WarmPool" -> Optional.of(Gate.WARM);
            case "AutoScalingGroup" -> Optional.of(Gate.SERVICE);
            default -> Optional.empty();
        };
    }

    private static Optional<FleetName> group(JsonNode fields) {
        try {
            return Optional.of(new FleetName(fields.path("AutoScalingGroupName").asText()));
        } catch (IllegalArgumentException notAGroup) {
            return Optional.empty();
        }
    }

    private static Signal invocation(JsonNode detail) {
        String id = text(detail, "instance-id", "detail.");
        if (id.startsWith("mi-")) {
            return new Signal.Nothing("a managed node that is no EC2 instance: " + Text.clip(id, 40));
        }
        return new Signal.LookAt(Look.ended(instance(detail, "instance-id", "detail."), command(detail)));
    }

    private static String command(JsonNode detail) {
        String id = text(detail, "command-id", "detail.");
        if (!COMMAND.matcher(id).matches()) {
            throw new Unreadable("detail.command-id is not a command's id: '" + Text.clip(id, 60) + "'");
        }
        return id;
    }

    private static JsonNode detail(JsonNode event) {
        JsonNode detail = event.path("detail");
        if (!detail.isObject()) {
            throw new Unreadable("detail is missing or not an object");
        }
        return detail;
    }

    private static InstanceId instance(JsonNode node, String field, String path) {
        String id = text(node, field, path);
        if (!InstanceId.isOne(id)) {
            throw new Unreadable(path + field + " is not an EC2 instance id: '" + Text.clip(id, 60) + "'");
        }
        return new InstanceId(id);
    }

    private static Instant time(JsonNode event, String field) {
        String text = text(event, field, "");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new Unreadable(field + " is not an ISO-8601 time: '" + Text.clip(text, 60) + "'");
        }
    }

    private static String text(JsonNode node, String field, String path) {
        return Optional.of(node.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new Unreadable(path + field + " is missing or not a text"));
    }
}
