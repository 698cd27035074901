package dev.gantry.aws.ssm;

import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.InvalidCommandIdException;
import software.amazon.awssdk.services.ssm.model.ListCommandsResponse;

/**
 * Looks up commands: by the run in their comment, or by their id.
 *
 * <p>ListCommands answers at most 50 a page. The filter InvokedAfter is a time to the second on AWS's clock (API_CommandFilter),
 * so two minutes of margin are taken off it.
 */
final class CommandSearch {
    private static final int PAGE = 50;
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(2);

    /** A thousand commands since the claim. If there are more, the search reports that absence was not proven. */
    private static final int PAGES = 20;

    /** API_Command: a CommandId has 36 characters. */
    private static final Pattern COMMAND = Pattern.compile("[0-9a-fA-F-]{36}");

    private final SsmClient ssm;
    private final CommandRequests requests;

    CommandSearch(SsmClient ssm, CommandRequests requests) {
        this.ssm = ssm;
        this.requests = requests;
    }

    Map<InstanceId, String> find(RunId run, Instant since) {
        Map<InstanceId, String> found = new HashMap<>();
        for (Command command : commandsSince(since, run)) {
            if (CommandRequests.runOf(command).filter(run::equals).isPresent()) {
                command.instanceIds().forEach(id -> found.put(new InstanceId(id), command.commandId()));
            }
        }
        return found;
    }

    private List<Command> commandsSince(Instant since, RunId run) {
        CommandFilter filter = CommandFilter.builder()
                .key(CommandFilterKey.INVOKED_AFTER)
                .value(since.minus(MAX_CLOCK_SKEW)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString())
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

    Optional<Commands.Command> describe(String commandId) {
        if (!COMMAND.matcher(commandId).matches()) {
            return Optional.empty();
        }
        try {
            return ssm.listCommands(request -> request.commandId(commandId)).commands().stream()
                    .findFirst()
                    .map(this::described);
        } catch (InvalidCommandIdException unknown) {
            return Optional.empty();
        } catch (SdkException e) {
            throw AwsErrors.classify("ListCommands of command " + commandId, e);
        }
    }

    private Commands.Command described(Command command) {
        return new Commands.Command(
                command.documentName(),
                Optional.ofNullable(command.documentVersion()).orElse(""),
                requests.bundleOf(command),
                CommandRequests.runOf(command),
                command.requestedDateTime());
    }
}
