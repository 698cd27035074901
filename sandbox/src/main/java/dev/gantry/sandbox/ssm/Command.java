package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A command with its invocations. Changed only under the lock of {@link Commands}. */
final class Command {
    final String id;
    final SendRequest request;
    final Instant requested;
    final Map<String, Invocation> invocations = new LinkedHashMap<>();
    boolean cancelRequested;
    /** How many deliveries the next wave may begin: 1, 2, 4 and so on where rate control was asked for. */
    int wave;

    private String announced = "Pending";

    /**
     * What SendCommand asked for, checked.
     *
     * @param deliverySeconds {@code TimeoutSeconds}, the time within which it has to reach an instance
     * @param executionSeconds the sum of the steps' own timeouts
     * @param targets as given; an empty array for a call by instance ids
     * @param rateControl whether MaxConcurrency or MaxErrors was given, or targets instead of ids
     */
    record SendRequest(
            Documents.Selected document,
            String versionSelector,
            Map<String, List<String>> parameters,
            String comment,
            long deliverySeconds,
            long executionSeconds,
            Rate maxConcurrency,
            Rate maxErrors,
            List<String> instanceIds,
            JsonNode targets,
            boolean rateControl) {}

    Command(String id, SendRequest request, List<String> instances, Instant requested) {
        this.id = id;
        this.request = request;
        this.requested = requested;
        this.wave = request.rateControl() ? 1 : Integer.MAX_VALUE;
        instances.forEach(instance -> invocations.put(instance, new Invocation(this, instance)));
    }

    int count(Predicate<Invocation> which) {
        return (int) invocations.values().stream().filter(which).count();
    }

    int errors() {
        return count(invocation -> invocation.status.error());
    }

    /** A fourth error stops a command with MaxErrors 3 (API reference, SendCommand). */
    boolean tooManyErrors() {
        return errors() > request.maxErrors().of(invocations.size());
    }

    Instant deliveryDeadline() {
        return requested.plusSeconds(request.deliverySeconds());
    }

    Instant expiry() {
        return requested.plusSeconds(request.deliverySeconds() + request.executionSeconds());
    }

    CommandStatus status() {
        return CommandStatus.of(this);
    }

    /** Whether the coarse status has changed since this was last asked. */
    boolean announce() {
        String now = status().status();
        boolean changed = !now.equals(announced);
        announced = now;
        return changed;
    }

    ObjectNode describe() {
        CommandStatus status = status();
        ObjectNode node = Json.object()
                .put("CommandId", id)
                .put("DocumentName", request.document().name())
                .put("DocumentVersion", request.versionSelector())
                .put("Comment", request.comment())
                .put("ExpiresAfter", Json.seconds(expiry()))
                .put("RequestedDateTime", Json.seconds(requested))
                .put("Status", status.status())
                .put("StatusDetails", status.details())
                .put("OutputS3BucketName", "")
                .put("OutputS3KeyPrefix", "")
                .put("MaxConcurrency", request.maxConcurrency().text())
                .put("MaxErrors", request.maxErrors().text())
                .put("TargetCount", invocations.size())
                .put("CompletedCount", count(invocation -> invocation.status.terminal()))
                .put("ErrorCount", errors())
                .put(
                        "DeliveryTimedOutCount",
                        count(invocation -> invocation.status == InvocationStatus.DELIVERY_TIMED_OUT))
                .put("ServiceRole", "")
                .put("TimeoutSeconds", request.deliverySeconds());
        node.set("Parameters", Json.listMap(request.parameters()));
        node.set("InstanceIds", Json.array(request.instanceIds()));
        node.set("Targets", request.targets());
        node.putObject("CloudWatchOutputConfig")
                .put("CloudWatchLogGroupName", "")
                .put("CloudWatchOutputEnabled", false);
        return node;
    }
}
