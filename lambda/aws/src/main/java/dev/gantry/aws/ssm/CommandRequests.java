package dev.gantry.aws.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.stored.BundleUrls;
import dev.gantry.stored.DocumentOptions;
import dev.gantry.stored.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.DocumentHashType;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

/**
 * Translates a run to Run Command and back: the document, its parameters (those of AWS-ApplyAnsiblePlaybooks, which the hardened
 * document shares, then that document's own and those of the fleet's settings), and the comment by which a command is found
 * again.
 *
 * <p>MaxErrors is 100 %, because its default of 0 ends the delivery of a batch after the first instance that fails
 * (API_SendCommand); MaxConcurrency is 100 %, because launches are independent of each other. A comment has at most 100
 * characters.
 */
final class CommandRequests {
    private static final String ALL = "100%";
    private static final Pattern COMMENT = Pattern.compile("gantry (run-[a-z0-9]{8,40}) [0-9a-f]{12} a[0-9]+");

    private final BundleUrls urls;
    private final DocumentOptions options;

    CommandRequests(BundleUrls urls) {
        this.urls = urls;
        this.options = new DocumentOptions(urls);
    }

    SendCommandRequest of(RunOrder order, Collection<InstanceId> instances) {
        Fleet fleet = order.fleet();
        SendCommandRequest.Builder request = SendCommandRequest.builder()
                .instanceIds(instances.stream().map(InstanceId::value).toList())
                .documentName(fleet.document().name())
                .documentVersion(fleet.document().version())
                .parameters(parameters(order))
                .comment(comment(order))
                .timeoutSeconds((int) fleet.policy().deliveryTimeout().toSeconds())
                .maxConcurrency(ALL)
                .maxErrors(ALL);
        fleet.document().hash().ifPresent(hash -> request.documentHash(hash).documentHashType(DocumentHashType.SHA256));
        return request.build();
    }

    private static String comment(RunOrder order) {
        return "gantry " + order.run() + " " + order.bundle().brief() + " a" + order.attempt();
    }

    private Map<String, List<String>> parameters(RunOrder order) {
        Fleet fleet = order.fleet();
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        parameters.put("SourceType", List.of("S3"));
        parameters.put("SourceInfo", List.of(sourceInfo(urls.of(fleet.name(), order.bundle()))));
        Map<String, String> chosen =
                fleet.document().identifiesRuns() ? options.of(order) : DocumentOptions.common(order);
        chosen.forEach((name, value) -> parameters.put(name, List.of(value)));
        return parameters;
    }

    private static String sourceInfo(String url) {
        return Json.text(Json.object().put("path", url));
    }

    /** The run that the command's comment names, as {@link #comment} writes it. */
    static Optional<RunId> runOf(Command command) {
        return Optional.ofNullable(command.comment())
                .map(COMMENT::matcher)
                .filter(Matcher::matches)
                .map(matcher -> new RunId(matcher.group(1)));
    }

    /**
     * The bundle of ours that the command applies: a check run applies nothing, and a source that is not a bundle in our
     * bucket is somebody else's.
     */
    Optional<BundleId> bundleOf(Command command) {
        return isCheck(command)
                ? Optional.empty()
                : parameter(command, "SourceInfo")
                        .flatMap(Json::tree)
                        .map(json -> json.path("path"))
                        .filter(JsonNode::isTextual)
                        .flatMap(path -> urls.bundleAt(path.textValue()));
    }

    private static boolean isCheck(Command command) {
        return parameter(command, "Check").filter("True"::equals).isPresent();
    }

    private static Optional<String> parameter(Command command, String name) {
        return command.hasParameters()
                ? Optional.ofNullable(command.parameters().get(name))
                        .flatMap(values -> values.stream().findFirst())
                : Optional.empty();
    }
}
