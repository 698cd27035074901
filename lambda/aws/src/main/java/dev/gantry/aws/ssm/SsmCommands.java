package dev.gantry.aws.ssm;

import dev.gantry.aws.AwsClients;
import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.stay.Verdict;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;

/**
 * Runs over Systems Manager Run Command.
 *
 * <p>ListCommandInvocations answers at most 50 a page, and nothing for an unknown command.
 */
public final class SsmCommands implements Commands {
    private static final int PAGE = 50;

    private final SsmClient ssm;
    private final CommandSender sender;
    private final CommandSearch search;
    private final InvocationReport report;
    private final BulkInvocationSearch bulkSearch;
    private final KnownSuccesses successes = new KnownSuccesses();

    /**
     * Over two clients.
     *
     * @param ssm for everything except SendCommand
     * @param sender for SendCommand; retries on throttling only, see {@link AwsClients#sender()}
     * @param region of the bucket that holds the bundles
     */
    public SsmCommands(SsmClient ssm, SsmClient sender, String region, String bucket) {
        this.ssm = ssm;
        CommandRequests requests = new CommandRequests(AwsClients.bundleUrls(region, bucket));
        this.sender = new CommandSender(sender, requests::of);
        this.search = new CommandSearch(ssm, requests);
        this.report = new InvocationReport(ssm);
        this.bulkSearch = new BulkInvocationSearch(ssm);
    }

    @Override
    public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
        return sender.send(order, instances);
    }

    @Override
    public Map<String, Map<InstanceId, Progress>> progress(Collection<String> commandIds) {
        Map<String, Map<InstanceId, Progress>> found = new HashMap<>();
        for (String command : new LinkedHashSet<>(commandIds)) {
            Map<InstanceId, Progress> ofCommand = new HashMap<>();
            // A command that was sent by hand can also be for nodes that are not instances.
            invocations(command).stream()
                    .filter(invocation -> InstanceId.isOne(invocation.instanceId()))
                    .forEach(
                            invocation -> ofCommand.put(new InstanceId(invocation.instanceId()), progress(invocation)));
            found.put(command, ofCommand);
        }
        return found;
    }

    @Override
    public Map<String, Map<InstanceId, Progress>> progressOf(Collection<RunQuery> runs, Expected expected) {
        Map<String, Map<InstanceId, Progress>> found = successes.of(runs);
        List<RunQuery> unknown = missing(runs, found);
        add(bulkSearch.find(unknown, expected), found);
        add(progress(missing(unknown, found).stream().map(RunQuery::command).collect(Collectors.toSet())), found);
        successes.remember(found);
        return found;
    }

    private static List<RunQuery> missing(Collection<RunQuery> runs, Map<String, Map<InstanceId, Progress>> found) {
        return runs.stream()
                .filter(run -> !found.getOrDefault(run.command(), Map.of()).containsKey(run.instance()))
                .toList();
    }

    private static void add(
            Map<String, Map<InstanceId, Progress>> learned, Map<String, Map<InstanceId, Progress>> found) {
        learned.forEach((command, progress) ->
                found.computeIfAbsent(command, c -> new HashMap<>()).putAll(progress));
    }

    private List<CommandInvocation> invocations(String command) {
        try {
            return ssm
                    .listCommandInvocationsPaginator(
                            request -> request.commandId(command).details(true).maxResults(PAGE))
                    .commandInvocations()
                    .stream()
                    .toList();
        } catch (SdkException e) {
            throw AwsErrors.classify("ListCommandInvocations of command " + command, e);
        }
    }

    private Progress progress(CommandInvocation invocation) {
        String status = invocation.statusAsString();
        String details = Optional.ofNullable(invocation.statusDetails()).orElse("");
        return switch (InvocationStatus.of(status, details, InvocationReport.steps(invocation))) {
            case UNDER_WAY -> new Progress.UnderWay(status);
            case SUCCEEDED -> new Progress.Ended(report.succeeded(invocation));
            case FAILED -> new Progress.Ended(report.failed(invocation));
            case OVERRAN -> new Progress.Ended(report.overran(invocation));
            case UNDELIVERED -> new Progress.Ended(new Verdict.Undelivered(said(status, details)));
            case REFUSED -> new Progress.Ended(new Verdict.Refused(said(status, details)));
        };
    }

    private static String said(String status, String details) {
        return details.isEmpty() || details.equals(status) ? status : status + " (" + details + ")";
    }

    @Override
    public Map<InstanceId, String> find(RunId run, Instant since) {
        return search.find(run, since);
    }

    @Override
    public Optional<Command> describe(String commandId) {
        return search.describe(commandId);
    }
}
