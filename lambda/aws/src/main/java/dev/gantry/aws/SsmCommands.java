package dev.gantry.aws;

import dev.gantry.launch.GantryException;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.RunId;
import dev.gantry.launch.Verdict;
import dev.gantry.launch.port.Commands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.InvalidCommandIdException;
import software.amazon.awssdk.services.ssm.model.ListCommandsResponse;

/**
 * Runs over Systems Manager Run Command.
 *
 * <p>ListCommandInvocations and ListCommands answer at most 50 a page. The filter InvokedAfter is a time to the second
 * (API_CommandFilter) on AWS's clock, so two minutes of margin are taken off it.
 */
public final class SsmCommands implements Commands {
    private static final int PAGE = 50;
    private static final Duration CLOCKS = Duration.ofMinutes(2);

    /** A thousand commands since the claim. Whoever has sent more must be told that absence was not proven. */
    private static final int PAGES = 20;

    /** API_Command: a CommandId has 36 characters. */
    private static final Pattern COMMAND = Pattern.compile("[0-9a-fA-F-]{36}");

    private final SsmClient ssm;
    private final CommandRequests requests;
    private final CommandSender sender;
    private final InvocationReport report;

    /**
     * Over two clients.
     *
     * @param ssm for everything but SendCommand
     * @param sender for SendCommand; retries on throttling only, see {@link AwsClients#sender()}
     * @param region of the bucket that holds the bundles
     */
    public SsmCommands(SsmClient ssm, SsmClient sender, String region, String bucket) {
        this.ssm = ssm;
        this.requests = new CommandRequests(new BundleUrls(region, bucket));
        this.sender = new CommandSender(sender, requests);
        this.report = new InvocationReport(ssm);
    }

    @Override
    public Map<InstanceId, Sent> send(Order order, Collection<InstanceId> instances) {
        return sender.send(order, instances);
    }

    @Override
    public Map<String, Map<InstanceId, Progress>> progress(Collection<String> commandIds) {
        Map<String, Map<InstanceId, Progress>> found = new HashMap<>();
        for (String command : new LinkedHashSet<>(commandIds)) {
            Map<InstanceId, Progress> ofCommand = new HashMap<>();
            invocations(command)
                    .forEach(
                            invocation -> ofCommand.put(new InstanceId(invocation.instanceId()), progress(invocation)));
            found.put(command, ofCommand);
        }
        return found;
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
        return switch (InvocationStatus.of(status, details, InvocationReport.ran(invocation))) {
            case UNDER_WAY -> new Progress.UnderWay(status);
            case SUCCEEDED -> new Progress.Ended(new Verdict.Succeeded());
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
        Map<InstanceId, String> found = new HashMap<>();
        for (Command command : commandsSince(since, run)) {
            if (CommandRequests.isOf(run, command)) {
                command.instanceIds().forEach(id -> found.put(new InstanceId(id), command.commandId()));
            }
        }
        return found;
    }

    private List<Command> commandsSince(Instant since, RunId run) {
        CommandFilter filter = CommandFilter.builder()
                .key(CommandFilterKey.INVOKED_AFTER)
                .value(since.minus(CLOCKS).truncatedTo(ChronoUnit.SECONDS).toString())
                .build();
        String what = "ListCommands for " + run;
        List<Command> commands = new ArrayList<>();
        int pages = 0;
        try {
            for (ListCommandsResponse page :
                    ssm.listCommandsPaginator(request -> request.filters(filter).maxResults(PAGE))) {
                if (pages++ == PAGES) {
                    throw new GantryException.Retryable(
                            what + ": more than " + PAGES * PAGE + " commands since " + since
                                    + "; whether it was sent stays unclear, Gantry looks again",
                            null);
                }
                commands.addAll(page.commands());
            }
        } catch (SdkException e) {
            throw AwsErrors.classify(what, e);
        }
        return commands;
    }

    @Override
    public Optional<ByHand> describe(String commandId) {
        if (!COMMAND.matcher(commandId).matches()) {
            return Optional.empty();
        }
        try {
            return ssm.listCommands(request -> request.commandId(commandId)).commands().stream()
                    .findFirst()
                    .map(this::byHand);
        } catch (InvalidCommandIdException unknown) {
            return Optional.empty();
        } catch (SdkException e) {
            throw AwsErrors.classify("ListCommands of command " + commandId, e);
        }
    }

    private ByHand byHand(Command command) {
        return new ByHand(
                command.documentName(),
                Optional.ofNullable(command.documentVersion()).orElse(""),
                requests.bundleOf(command),
                command.requestedDateTime());
    }
}
