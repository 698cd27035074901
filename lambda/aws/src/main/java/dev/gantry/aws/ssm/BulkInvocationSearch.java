package dev.gantry.aws.ssm;

import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Expected;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunQuery;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandInvocationStatus;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsRequest;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsResponse;

/**
 * Finds runs of many commands at once. In a burst, the events of one second are about a few runs of each of dozens of commands,
 * and a call for each command would be nearly one for each launch. ListCommandInvocations without a command's id answers for
 * all of them, 50 a page, by status and by the time at which they were sent (API_CommandFilter).
 *
 * <p>What is not found so has to be asked about command by command: runs that failed, runs whose output shows no task, runs
 * that were sent outside of the times looked through, and the rest where the pages come to half as many as the commands.
 */
final class BulkInvocationSearch {
    private static final int PAGE = 50;

    /** Fewer commands than this are queried one by one. */
    private static final int MANY = 8;

    /** Maximum clock skew, and maximum delay of a send by throttling. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofSeconds(1);

    private static final Duration SENDING = Duration.ofSeconds(3);

    private final SsmClient ssm;

    BulkInvocationSearch(SsmClient ssm) {
        this.ssm = ssm;
    }

    /** Those of them, and perhaps others, that are going on or have succeeded. */
    Map<String, Map<InstanceId, Progress>> find(Collection<RunQuery> runs, Expected expected) {
        int commands = (int) runs.stream().map(RunQuery::command).distinct().count();
        Map<String, Map<InstanceId, Progress>> found = new HashMap<>();
        Set<RunQuery> missing = new HashSet<>(runs);
        int pages = commands < MANY ? 0 : commands / 2;
        Optional<String> token = Optional.empty();
        while (pages > 0 && !missing.isEmpty()) {
            ListCommandInvocationsResponse page = page(runs, expected, token);
            page.commandInvocations().forEach(invocation -> add(invocation, found));
            missing.removeIf(run -> found.getOrDefault(run.command(), Map.of()).containsKey(run.instance()));
            token = Optional.ofNullable(page.nextToken()).filter(next -> !next.isEmpty());
            pages = token.isEmpty() ? 0 : pages - 1;
        }
        return found;
    }

    /** What failed is asked about again, for its details. Commands of others can be for nodes that are no instances. */
    private static void add(CommandInvocation invocation, Map<String, Map<InstanceId, Progress>> found) {
        if (!InstanceId.isOne(invocation.instanceId())) {
            return;
        }
        String details = Optional.ofNullable(invocation.statusDetails()).orElse("");
        Optional<Progress> progress =
                switch (InvocationStatus.of(invocation.statusAsString(), details, InvocationStatus.Steps.NOT_KNOWN)) {
                        // One that shows no task has to be asked about alone, for the whole of its output.
                    case SUCCEEDED -> InvocationReport.isDoubtful(invocation)
                            ? Optional.empty()
                            : Optional.of(new Progress.Ended(new Verdict.Succeeded()));
                    case UNDER_WAY -> Optional.of(new Progress.UnderWay(invocation.statusAsString()));
                    default -> Optional.empty();
                };
        progress.ifPresent(p -> found.computeIfAbsent(invocation.commandId(), command -> new HashMap<>())
                .put(new InstanceId(invocation.instanceId()), p));
    }

    private ListCommandInvocationsResponse page(Collection<RunQuery> runs, Expected expected, Optional<String> token) {
        ListCommandInvocationsRequest.Builder request = ListCommandInvocationsRequest.builder()
                .details(true)
                .maxResults(PAGE)
                .filters(filters(runs, expected));
        token.ifPresent(request::nextToken);
        try {
            return ssm.listCommandInvocations(request.build());
        } catch (SdkException e) {
            throw AwsErrors.classify("ListCommandInvocations of " + runs.size() + " runs", e);
        }
    }

    private static List<CommandFilter> filters(Collection<RunQuery> runs, Expected expected) {
        Instant first =
                runs.stream().map(RunQuery::claimedAt).min(Instant::compareTo).orElseThrow();
        Instant last =
                runs.stream().map(RunQuery::claimedAt).max(Instant::compareTo).orElseThrow();
        List<CommandFilter> filters = new ArrayList<>();
        filters.add(filter(CommandFilterKey.INVOKED_AFTER, second(first.minus(MAX_CLOCK_SKEW))));
        filters.add(filter(CommandFilterKey.INVOKED_BEFORE, second(last.plus(SENDING))));
        if (expected == Expected.SUCCESS) {
            filters.add(filter(CommandFilterKey.STATUS, CommandInvocationStatus.SUCCESS.toString()));
        }
        return filters;
    }

    private static CommandFilter filter(CommandFilterKey key, String value) {
        return CommandFilter.builder().key(key).value(value).build();
    }

    /** A filter's time is one to the second (API_CommandFilter). */
    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
