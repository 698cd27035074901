package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.events.EventBus;
import dev.gantry.sandbox.time.Timers;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;

/**
 * The two events of Run Command, in the shape of the user guide's samples ("Systems Manager event examples"). Only
 * statuses that AWS announces are put: a Pending, Delayed or Cancelling invocation changes silently. Put from a timer,
 * so that no lock is held.
 */
final class CommandEvents {
    private static final Set<String> ANNOUNCED = Set.of("InProgress", "Success", "TimedOut", "Cancelled", "Failed");
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final EventBus bus;
    private final Timers timers;
    private final SsmOptions options;

    CommandEvents(EventBus bus, Timers timers, SsmOptions options) {
        this.bus = bus;
        this.timers = timers;
        this.options = options;
    }

    void invocationChanged(Invocation invocation) {
        ObjectNode detail =
                detail(invocation.command, invocation.status.status()).put("instance-id", invocation.instanceId);
        put("EC2 Command Invocation Status-change Notification", List.of(arn(invocation.instanceId)), detail);
    }

    void commandChanged(Command command) {
        ObjectNode detail = detail(command, command.status().status()).put("expire-after", time(command.expiry()));
        detail.set("parameters", Json.listMap(command.request.parameters()));
        List<String> resources =
                command.invocations.keySet().stream().map(this::arn).toList();
        put("EC2 Command Status-change Notification", resources, detail);
    }

    private void put(String detailType, List<String> resources, ObjectNode detail) {
        if (ANNOUNCED.contains(detail.path("status").asText())) {
            timers.after(options.eventDelay(), () -> bus.put("aws.ssm", detailType, resources, detail));
        }
    }

    private static ObjectNode detail(Command command, String status) {
        return Json.object()
                .put("command-id", command.id)
                .put("document-name", command.request.document().name())
                .put("requested-date-time", time(command.requested))
                .put("status", status);
    }

    private String arn(String instanceId) {
        return "arn:aws:ec2:" + options.region() + ":" + options.account() + ":instance/" + instanceId;
    }

    private static String time(Instant instant) {
        return MILLIS.format(instant);
    }
}
