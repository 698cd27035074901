package dev.gantry.function.scale;

import dev.gantry.function.scale.Machines.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationRequest;
import software.amazon.awssdk.services.ssm.model.DescribeInstanceInformationResponse;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationRequest;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsRequest;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsResponse;
import software.amazon.awssdk.services.ssm.model.ListCommandsRequest;
import software.amazon.awssdk.services.ssm.model.ListCommandsResponse;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;
import software.amazon.awssdk.services.ssm.model.SendCommandResponse;

/** A hand-written client of Systems Manager: every run succeeds. One for each execution environment. */
final class VirtualSsm implements SsmClient {
    private static final int PAGE = 50;
    private static final Duration PING = Duration.ofMinutes(5);

    private final Api.Client api;
    private final Machines machines;
    private final VirtualTime time;

    VirtualSsm(Api.Client api, Machines machines, VirtualTime time) {
        this.api = api;
        this.machines = machines;
        this.time = time;
    }

    @Override
    public DescribeInstanceInformationResponse describeInstanceInformation(DescribeInstanceInformationRequest request) {
        List<String> asked = request.filters().get(0).values();
        return api.systemsManager("DescribeInstanceInformation", () -> DescribeInstanceInformationResponse.builder()
                .instanceInformationList(asked.stream()
                        .filter(machines::isOnline)
                        .map(id -> InstanceInformation.builder()
                                .instanceId(id)
                                .pingStatus("Online")
                                .lastPingDateTime(lastPing(machines.find(id).orElseThrow().online))
                                .build())
                        .toList())
                .build());
    }

    /** Agents ping every 5 minutes. */
    private Instant lastPing(Instant online) {
        Duration since = Duration.between(online, time.instant());
        return online.plus(PING.multipliedBy(since.dividedBy(PING)));
    }

    @Override
    public SendCommandResponse sendCommand(SendCommandRequest request) {
        return api.systemsManager("SendCommand", () -> {
            List<String> absent = request.instanceIds().stream()
                    .filter(id -> !machines.isOnline(id))
                    .toList();
            if (!absent.isEmpty()) {
                throw InvalidInstanceIdException.builder()
                        .awsErrorDetails(Api.error(
                                "InvalidInstanceId", "Instances [" + absent + "] not in a valid state for account"))
                        .statusCode(400)
                        .build();
            }
            Command command = machines.send(request.comment(), request.instanceIds());
            return SendCommandResponse.builder().command(described(command)).build();
        });
    }

    private static software.amazon.awssdk.services.ssm.model.Command described(Command command) {
        return software.amazon.awssdk.services.ssm.model.Command.builder()
                .commandId(command.id())
                .comment(command.comment())
                .documentName("AWS-ApplyAnsiblePlaybooks")
                .documentVersion("1")
                .instanceIds(command.instances())
                .requestedDateTime(command.requested())
                .build();
    }

    /** The invocations of one command, or of all, oldest first, 50 a page. */
    @Override
    public ListCommandInvocationsResponse listCommandInvocations(ListCommandInvocationsRequest request) {
        return api.systemsManager("ListCommandInvocations", () -> {
            List<CommandInvocation> found = request.commandId() == null
                    ? machines.commands().stream()
                            .filter(command -> passes(request.filters(), command))
                            .flatMap(command -> command.instances().stream().map(id -> invocation(command.id(), id)))
                            .filter(invocation -> hasStatus(request.filters(), invocation))
                            .toList()
                    : machines.command(request.commandId()).orElseThrow().instances().stream()
                            .map(id -> invocation(request.commandId(), id))
                            .toList();
            int from = request.nextToken() == null ? 0 : Integer.parseInt(request.nextToken());
            int to = Math.min(found.size(), from + PAGE);
            return ListCommandInvocationsResponse.builder()
                    .commandInvocations(found.subList(from, to))
                    .nextToken(to < found.size() ? Integer.toString(to) : null)
                    .build();
        });
    }

    private static boolean passes(List<CommandFilter> filters, Command command) {
        return filters.stream().allMatch(filter -> switch (filter.key()) {
            case INVOKED_AFTER -> !command.requested().isBefore(Instant.parse(filter.value()));
            case INVOKED_BEFORE -> !command.requested().isAfter(Instant.parse(filter.value()));
            default -> true;
        });
    }

    private static boolean hasStatus(List<CommandFilter> filters, CommandInvocation invocation) {
        return filters.stream()
                .filter(filter -> filter.key() == CommandFilterKey.STATUS)
                .allMatch(filter -> filter.value().equals(invocation.statusAsString()));
    }

    private CommandInvocation invocation(String command, String instance) {
        return CommandInvocation.builder()
                .commandId(command)
                .instanceId(instance)
                .status(status(instance))
                .statusDetails(status(instance))
                .build();
    }

    @Override
    public ListCommandsResponse listCommands(ListCommandsRequest request) {
        return api.systemsManager("ListCommands", () -> ListCommandsResponse.builder()
                .commands(machines.commands().stream()
                        .filter(command ->
                                request.commandId() == null || command.id().equals(request.commandId()))
                        .filter(command -> !command.requested().isAfter(time.instant()))
                        .map(VirtualSsm::described)
                        .toList())
                .build());
    }

    @Override
    public GetCommandInvocationResponse getCommandInvocation(GetCommandInvocationRequest request) {
        return api.systemsManager("GetCommandInvocation", () -> GetCommandInvocationResponse.builder()
                .commandId(request.commandId())
                .instanceId(request.instanceId())
                .status(status(request.instanceId()))
                .build());
    }

    private String status(String instance) {
        return machines.hasSucceeded(instance) ? "Success" : "InProgress";
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
