package dev.gantry.cli.account;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Result;
import dev.gantry.operator.Checkup;
import dev.gantry.operator.Guarded;
import dev.gantry.operator.Place;
import dev.gantry.operator.Surroundings;
import dev.gantry.operator.Wired;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.ssm.model.DocumentDescription;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentException;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentVersionException;

/** Reads what {@code gantry doctor} compares. */
public final class CheckupReader {
    private static final List<String> FUNCTIONS = List.of("-launch-queue", "-sweep", "-operator");

    private final Account account;
    private final Fleets fleets;
    private final Map<String, String> roles = new TreeMap<>();

    CheckupReader(Account account) {
        this.account = account;
        this.fleets = account.fleetsOfBucket();
    }

    /** Every fleet that has settings. */
    public Set<FleetName> fleets() {
        return fleets.names();
    }

    /** What all fleets share. */
    public Checkup.Deployed deployed() {
        Place place = account.place();
        Map<String, Result<Optional<GetFunctionConfigurationResponse>>> answers = new LinkedHashMap<>();
        FUNCTIONS.forEach(suffix ->
                answers.put(place.prefix() + suffix, Calls.tried(() -> configuration(place.prefix() + suffix))));
        Map<String, Result<Optional<Checkup.Function>>> functions = new LinkedHashMap<>();
        answers.forEach((name, answer) -> functions.put(name, mapped(answer)));
        answers.values().forEach(this::note);
        return new Checkup.Deployed(
                place, functions, queue(answers, "GANTRY_QUEUE_URL"), queue(answers, "GANTRY_DLQ_URL"));
    }

    private void note(Result<Optional<GetFunctionConfigurationResponse>> answer) {
        if (answer instanceof Result.Ok<Optional<GetFunctionConfigurationResponse>> ok) {
            ok.value()
                    .map(GetFunctionConfigurationResponse::role)
                    .filter(arn -> arn.matches("arn:[^:]+:iam::[0-9]+:role/.+"))
                    .ifPresent(arn -> roles.put(arn.substring(arn.lastIndexOf('/') + 1), arn));
        }
    }

    /** What leads to the functions. */
    public Wired wired() {
        return new WiringReader(account).read();
    }

    /** What guards the deployment; the functions' roles are known once {@link #deployed()} was read. */
    public Guarded guarded(Collection<FleetName> ofFleets) {
        return new GuardReader(account, ofFleets).read(roles);
    }

    /** Where an instance lives whose agent does not come. */
    public Surroundings surroundings(InstanceId instance) {
        return new SurroundingsReader(account, instance).read();
    }

    private Optional<GetFunctionConfigurationResponse> configuration(String name) {
        return Calls.said("GetFunctionConfiguration of function " + name, () -> {
            try {
                return Optional.of(
                        account.clients().lambda().getFunctionConfiguration(request -> request.functionName(name)));
            } catch (ResourceNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private static Result<Optional<Checkup.Function>> mapped(
            Result<Optional<GetFunctionConfigurationResponse>> answer) {
        return answer instanceof Result.Ok<Optional<GetFunctionConfigurationResponse>> ok
                ? new Result.Ok<>(ok.value().map(CheckupReader::function))
                : new Result.Err<>(((Result.Err<Optional<GetFunctionConfigurationResponse>>) answer).error());
    }

    /** A function without a state, as for very old functions, is active. */
    private static Checkup.Function function(GetFunctionConfigurationResponse answer) {
        return new Checkup.Function(
                answer.functionName(),
                Optional.ofNullable(answer.stateAsString()).orElse("Active"),
                Optional.ofNullable(answer.lastUpdateStatusAsString()).orElse("Successful"),
                Duration.ofSeconds(answer.timeout()),
                Optional.ofNullable(variables(answer).get("GANTRY_BUCKET")));
    }

    private static Map<String, String> variables(GetFunctionConfigurationResponse answer) {
        return answer.environment() == null ? Map.of() : answer.environment().variables();
    }

    /** Its URL is in the environment of each function; one that could be read is enough. */
    private Result<Optional<Checkup.Queue>> queue(
            Map<String, Result<Optional<GetFunctionConfigurationResponse>>> functions, String variable) {
        Optional<String> url = functions.values().stream()
                .flatMap(answer -> answer instanceof Result.Ok<Optional<GetFunctionConfigurationResponse>> ok
                        ? ok.value().stream()
                        : Stream.empty())
                .flatMap(answer -> Optional.ofNullable(variables(answer).get(variable)).stream())
                .findFirst();
        return url.map(known -> Calls.tried(() -> attributes(known)))
                .orElseGet(() -> new Result.Ok<>(Optional.empty()));
    }

    private Optional<Checkup.Queue> attributes(String url) {
        String name = url.substring(url.lastIndexOf('/') + 1);
        return Calls.said("GetQueueAttributes of queue " + name, () -> {
            try {
                Map<QueueAttributeName, String> attributes = account.clients()
                        .sqs()
                        .getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                        .attributes();
                return Optional.of(new Checkup.Queue(
                        name,
                        number(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
                        Duration.ofSeconds(number(attributes.get(QueueAttributeName.VISIBILITY_TIMEOUT))),
                        attributes.containsKey(QueueAttributeName.REDRIVE_POLICY)));
            } catch (QueueDoesNotExistException e) {
                return Optional.empty();
            }
        });
    }

    private static int number(String text) {
        return Optional.ofNullable(text).map(Integer::parseInt).orElse(0);
    }

    /** Reads one fleet. */
    public Checkup.OfFleet fleet(FleetName name) {
        Result<Optional<Fleets.View>> view = Calls.tried(() -> fleets.find(name));
        Result<Optional<Checkup.Group>> group = Calls.tried(() -> group(name));
        Result<Optional<Checkup.Described>> document =
                Calls.tried(() -> view instanceof Result.Ok<Optional<Fleets.View>> ok
                        ? ok.value().flatMap(found -> document(found.fleet().document()))
                        : Optional.empty());
        return new Checkup.OfFleet(name, view, group, document);
    }

    private Optional<Checkup.Group> group(FleetName name) {
        Optional<AutoScalingGroup> found = Calls.said("DescribeAutoScalingGroups of group " + name, () -> account
                .clients()
                .autoScaling()
                .describeAutoScalingGroups(request -> request.autoScalingGroupNames(name.value()))
                .autoScalingGroups()
                .stream()
                .findFirst());
        return found.map(group -> new Checkup.Group(
                account.groupReader().hooks(name).stream()
                        .map(hook -> new Checkup.Hook(
                                hook.lifecycleHookName(),
                                GroupReader.LAUNCHING.equals(hook.lifecycleTransition()),
                                hook.defaultResult(),
                                Duration.ofSeconds(hook.heartbeatTimeout())))
                        .toList(),
                group.suspendedProcesses().stream()
                        .collect(Collectors.toMap(
                                SuspendedProcess::processName,
                                process -> String.valueOf(process.suspensionReason()),
                                (one, other) -> one))));
    }

    private Optional<Checkup.Described> document(Document wanted) {
        return Calls.said("DescribeDocument of " + wanted.name() + " version " + wanted.version(), () -> {
            try {
                DocumentDescription found = account.clients()
                        .ssm()
                        .describeDocument(request -> request.name(wanted.name()).documentVersion(wanted.version()))
                        .document();
                return Optional.of(new Checkup.Described(found.statusAsString(), Optional.ofNullable(found.hash())));
            } catch (InvalidDocumentException | InvalidDocumentVersionException e) {
                return Optional.empty();
            }
        });
    }
}
