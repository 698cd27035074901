package dev.gantry.cli.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.aws.AwsClients;
import dev.gantry.aws.AwsErrors;
import dev.gantry.cli.base.Problem;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Result;
import dev.gantry.stored.ObjectKeys;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentException;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;

/** What an instance can say of itself: collected by the document Gantry-CollectDiagnostics, and fetched from the bucket. */
public final class Diagnostics {
    private static final String DOCUMENT = "Gantry-CollectDiagnostics";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofSeconds(2);
    /** The document's own limit is 300 s; delivery takes up to a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(7);

    private static final List<String> UNDER_WAY = List.of("Pending", "InProgress", "Delayed", "Cancelling");

    private final Account account;
    private final InstanceId instance;

    Diagnostics(Account account, InstanceId instance) {
        this.account = account;
        this.instance = instance;
    }

    /** An archive in the bucket, with its files. */
    public record Archive(String key, byte[] bytes, Map<String, byte[]> files) {}

    /** Has the instance collect, and waits for it. */
    public Archive collect() throws InterruptedException {
        FleetName fleet = Optional.ofNullable(
                        account.groups().describe(List.of(instance)).get(instance))
                .map(Member::group)
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "instance " + instance
                                + " is in no Auto Scaling group any more: --latest shows what it left behind"));
        String command = send(fleet);
        GetCommandInvocationResponse ended = await(command);
        return fetch(said(command, ended));
    }

    private String send(FleetName fleet) {
        String uri = AwsClients.bundleUrls(
                        account.clients().region(), account.place().bucket())
                .diagnostics(fleet);
        return Calls.said("SendCommand " + DOCUMENT + " on " + instance, () -> {
            try {
                return account.clients()
                        .sender()
                        .sendCommand(request -> request.documentName(DOCUMENT)
                                .instanceIds(instance.value())
                                .comment("gantry diagnostics")
                                .timeoutSeconds(60)
                                .parameters(Map.of(
                                        "DiagnosticsUri",
                                        List.of(uri),
                                        "RunId",
                                        List.of(RunId.drawn(new SecureRandom()).value()))))
                        .command()
                        .commandId();
            } catch (InvalidDocumentException e) {
                throw new Problem(
                        Problem.REFUSED,
                        "there is no document " + DOCUMENT + " in this account and Region: terraform apply (module"
                                + " ssm_documents)",
                        e);
            } catch (InvalidInstanceIdException e) {
                throw new Problem(
                        Problem.REFUSED,
                        "the agent of instance " + instance + " is not online: gantry doctor --instance " + instance
                                + " says why; --latest shows what it left behind",
                        e);
            }
        });
    }

    private GetCommandInvocationResponse await(String command) throws InterruptedException {
        Instant latest = account.clock().instant().plus(PATIENCE);
        while (account.clock().instant().isBefore(latest)) {
            Thread.sleep(PAUSE.toMillis());
            Optional<GetCommandInvocationResponse> found = invocation(command);
            if (found.filter(one -> !UNDER_WAY.contains(one.statusAsString())).isPresent()) {
                return found.get();
            }
        }
        throw new Problem(
                Problem.AWS,
                "command " + command + " on " + instance + " has not ended within " + PATIENCE.toMinutes()
                        + " minutes");
    }

    /** Just after SendCommand it may not be there yet (API_GetCommandInvocation). */
    private Optional<GetCommandInvocationResponse> invocation(String command) {
        return Calls.said("GetCommandInvocation of command " + command, () -> {
            try {
                return Optional.of(account.clients().ssm().getCommandInvocation(request -> request.commandId(command)
                        .instanceId(instance.value())));
            } catch (InvocationDoesNotExistException e) {
                return Optional.empty();
            }
        });
    }

    private String said(String command, GetCommandInvocationResponse ended) {
        try {
            JsonNode answer = JSON.readTree(String.valueOf(ended.standardOutputContent()));
            if (answer.path("uploaded").asBoolean()) {
                return answer.path("key").asText();
            } else if (answer.has("gantryDiagnostics")) {
                throw new Problem(
                        Problem.REFUSED,
                        "instance " + instance + " could not upload: "
                                + answer.path("message").asText());
            }
        } catch (JsonProcessingException isNoAnswer) {
            // What it wrote instead is said below.
        }
        throw new Problem(
                Problem.AWS,
                "command " + command + " on " + instance + " ended " + ended.statusAsString()
                        + " and does not say where its archive is: " + ended.standardOutputContent()
                        + ended.standardErrorContent());
    }

    /** The newest archive that is there already: a failed run of the hardened document leaves one by itself. */
    public Archive latest() {
        FleetName fleet = fleet();
        String prefix = ObjectKeys.diagnostics(fleet) + "/";
        return fetch(Calls.said("listing s3://" + account.place().bucket() + "/" + prefix, () -> account
                        .clients()
                        .s3()
                        .listObjectsV2Paginator(request ->
                                request.bucket(account.place().bucket()).prefix(prefix))
                        .contents()
                        .stream()
                        .filter(object -> object.key().contains(instance.value() + "/"))
                        .max(Comparator.comparing(S3Object::lastModified))
                        .map(S3Object::key))
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "instance " + instance + " has left nothing below s3://"
                                + account.place().bucket() + "/" + prefix)));
    }

    private FleetName fleet() {
        Result<Optional<FleetName>> found = account.evidence().fleetOf(instance);
        return (found instanceof Result.Ok<Optional<FleetName>> ok ? ok.value() : Optional.<FleetName>empty())
                .orElseThrow(() ->
                        new Problem(Problem.REFUSED, "instance " + instance + " is of no fleet that Gantry knows"));
    }

    private Archive fetch(String key) {
        String bucket = account.place().bucket();
        String where = "s3://" + bucket + "/" + key;
        try {
            byte[] bytes = account.clients()
                    .s3()
                    .getObjectAsBytes(request -> request.bucket(bucket).key(key))
                    .asByteArray();
            return new Archive(key, bytes, TarGz.read(bytes));
        } catch (SdkException e) {
            throw AwsErrors.classify("GetObject " + where, e);
        } catch (IOException e) {
            throw new Problem(Problem.AWS, where + " is no archive of diagnostics: " + e.getMessage(), e);
        }
    }
}
