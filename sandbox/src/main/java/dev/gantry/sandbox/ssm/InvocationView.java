package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * How an invocation looks from outside: 2,500 characters a plugin in lists, and the first 24,000 of stdout and 8,000 of
 * stderr by GetCommandInvocation (API reference). A document of several steps has to be asked for one of them by name.
 */
final class InvocationView {
    private static final int MAX_STDOUT = 24_000;
    private static final int MAX_STDERR = 8_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private InvocationView() {}

    static ObjectNode list(Invocation invocation, boolean details) {
        ObjectNode node = common(invocation)
                .put("InstanceName", "")
                .put("RequestedDateTime", Json.seconds(invocation.command.requested))
                .put("Status", invocation.status.status())
                .put("StatusDetails", invocation.status.details())
                .put("StandardOutputUrl", "")
                .put("StandardErrorUrl", "")
                .put("ServiceRole", "");
        List<ObjectNode> plugins = details
                ? steps(invocation).stream()
                        .map(step -> plugin(invocation, step))
                        .toList()
                : List.of();
        node.set("CommandPlugins", Json.nodes(plugins));
        return node;
    }

    static ObjectNode get(Invocation invocation, Optional<String> pluginName) {
        String step = select(invocation, pluginName);
        Optional<StepReport> report = report(invocation, step);
        InvocationStatus status = report.map(StepReport::status).orElse(invocation.status);
        ObjectNode node = common(invocation)
                .put("PluginName", step)
                .put("ResponseCode", report.map(StepReport::code).orElse(-1))
                .put(
                        "ExecutionStartDateTime",
                        report.map(r -> time(r.started())).orElse(""))
                .put("ExecutionElapsedTime", report.map(InvocationView::elapsed).orElse(""))
                .put("ExecutionEndDateTime", report.map(r -> time(r.finished())).orElse(""))
                .put("Status", status.status())
                .put("StatusDetails", status.details())
                .put(
                        "StandardOutputContent",
                        report.map(r -> first(r.stdout(), MAX_STDOUT)).orElse(""))
                .put("StandardOutputUrl", "")
                .put(
                        "StandardErrorContent",
                        report.map(r -> first(r.stderr(), MAX_STDERR)).orElse(""))
                .put("StandardErrorUrl", "");
        node.putObject("CloudWatchOutputConfig")
                .put("CloudWatchLogGroupName", "")
                .put("CloudWatchOutputEnabled", false);
        return node;
    }

    private static String select(Invocation invocation, Optional<String> pluginName) {
        List<String> steps = steps(invocation);
        if (pluginName.isEmpty() && steps.size() == 1) {
            return steps.get(0);
        }
        return pluginName
                .filter(steps::contains)
                .orElseThrow(() -> AwsError.badRequest(
                        "InvalidPluginName", "The plugin name isn't valid: the document's steps are " + steps + "."));
    }

    private static List<String> steps(Invocation invocation) {
        JsonNode document = invocation.command.request.document().version().parsed();
        return Json.elements(document.path("mainSteps")).stream()
                .map(step -> step.path("name").asText())
                .toList();
    }

    private static Optional<StepReport> report(Invocation invocation, String step) {
        return invocation.steps.stream()
                .filter(report -> report.name().equals(step))
                .findFirst();
    }

    private static ObjectNode common(Invocation invocation) {
        Command command = invocation.command;
        return Json.object()
                .put("CommandId", command.id)
                .put("InstanceId", invocation.instanceId)
                .put("Comment", command.request.comment())
                .put("DocumentName", command.request.document().name())
                .put("DocumentVersion", command.request.versionSelector());
    }

    private static ObjectNode plugin(Invocation invocation, String step) {
        Optional<StepReport> report = report(invocation, step);
        InvocationStatus status = report.map(StepReport::status).orElse(pending(invocation));
        ObjectNode node = Json.object()
                .put("Name", step)
                .put("Status", status.status())
                .put("StatusDetails", status.details())
                .put("ResponseCode", report.map(StepReport::code).orElse(-1))
                .put("Output", report.map(StepReport::output).orElse(""))
                .put("StandardOutputUrl", "")
                .put("StandardErrorUrl", "")
                .put("OutputS3BucketName", "")
                .put("OutputS3KeyPrefix", "");
        report.ifPresent(r -> node.put("ResponseStartDateTime", Json.seconds(r.started()))
                .put("ResponseFinishDateTime", Json.seconds(r.finished())));
        return node;
    }

    /** A step without a report: the plugin statuses know neither Delayed nor Cancelling. */
    private static InvocationStatus pending(Invocation invocation) {
        return switch (invocation.status) {
            case DELAYED -> InvocationStatus.PENDING;
            case CANCELLING -> InvocationStatus.IN_PROGRESS;
            default -> invocation.status;
        };
    }

    private static String elapsed(StepReport report) {
        Duration elapsed = Duration.between(report.started(), report.finished()).truncatedTo(ChronoUnit.MILLIS);
        return elapsed.isZero() ? "PT0S" : elapsed.toString();
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    private static String first(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text;
    }
}
