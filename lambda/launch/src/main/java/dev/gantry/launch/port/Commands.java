package dev.gantry.launch.port;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Verdict;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Run Command, in terms of runs. */
public interface Commands {
    /** SendCommand takes this many InstanceIds. */
    int BATCH = 50;

    /**
     * Sends one run to at most {@link #BATCH} instances, never a second time after an unclear answer.
     *
     * @return an outcome for each of them
     */
    Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances);

    /**
     * The progress of these commands, on each instance that has them.
     *
     * @throws GantryException where Systems Manager does not answer well
     */
    Map<String, Map<InstanceId, Progress>> progress(Collection<String> commandIds);

    /**
     * The same for single runs, which an implementation can find in fewer calls if they are of many commands. The answer has
     * all of these runs that Systems Manager knows, and may have others.
     *
     * @throws GantryException where Systems Manager does not answer well
     */
    default Map<String, Map<InstanceId, Progress>> progressOf(Collection<RunQuery> runs, Expected expected) {
        return progress(runs.stream().map(RunQuery::command).collect(Collectors.toSet()));
    }

    /**
     * One run that is asked about.
     *
     * @param claimedAt just before the command was sent, by the clock of a function
     */
    record RunQuery(String command, InstanceId instance, Instant claimedAt) {}

    /** The expected state of most of these runs. */
    enum Expected {
        /** An event said that they have ended, and most runs succeed. */
        SUCCESS,
        ANYTHING
    }

    /**
     * The commands of one run, by the run id in their comment: instance to command id.
     *
     * @param since no command of the run is older
     * @throws GantryException where Systems Manager does not answer well
     */
    Map<InstanceId, String> find(RunId run, Instant since);

    /**
     * A command that an event named, Gantry's or one sent by hand, with everything that decides whether it counts.
     *
     * @return empty if Systems Manager knows no such command
     * @throws GantryException where Systems Manager does not answer well
     */
    Optional<Command> describe(String commandId);

    /**
     * What to apply.
     *
     * @param attempt for the command's comment
     */
    record RunOrder(Fleet fleet, BundleId bundle, RunId run, int attempt) {}

    /** The result of a send, for one instance. */
    sealed interface Sent {
        /** What to do for each answer. */
        interface Cases<T> {
            T accepted(Accepted accepted);

            T notRegistered();

            T refused(Refused refused);

            T unclear(Unclear unclear);
        }

        <T> T fold(Cases<T> cases);

        record Accepted(String commandId) implements Sent {
            @Override
            public <T> T fold(Cases<T> cases) {
                return cases.accepted(this);
            }
        }

        /** {@code InvalidInstanceId}: certainly not sent. */
        record NotRegistered() implements Sent {
            @Override
            public <T> T fold(Cases<T> cases) {
                return cases.notRegistered();
            }
        }

        /** Certainly not sent, for a reason that concerns the whole call. */
        record Refused(GantryException error) implements Sent {
            @Override
            public <T> T fold(Cases<T> cases) {
                return cases.refused(this);
            }
        }

        /** It is not known whether it was sent: look it up by its run id. */
        record Unclear(String why) implements Sent {
            @Override
            public <T> T fold(Cases<T> cases) {
                return cases.unclear(this);
            }
        }
    }

    /** The progress of a run. */
    sealed interface Progress {
        /** Pending, InProgress, Delayed, Cancelling, or a status that this version does not know. */
        record UnderWay(String status) implements Progress {}

        record Ended(Verdict verdict) implements Progress {}
    }

    /**
     * A command as it was sent.
     *
     * @param version as the sender gave it; counts only as a number
     * @param bundle the bundle that its parameters name, if they name one
     * @param run the run that its comment names, if Gantry sent it
     */
    record Command(
            String document, String version, Optional<BundleId> bundle, Optional<RunId> run, Instant requestedAt) {}
}
