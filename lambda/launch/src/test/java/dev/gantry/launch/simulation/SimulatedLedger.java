package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The ledger's objects in S3, strongly consistent, changed by conditional writes. As the adapter does, a write that meets 412
 * reads and compares: an equal object is our own write, whose answer was lost.
 */
final class SimulatedLedger implements Ledger {
    /** From a claim to its last effect: until the function's timeout, and a call that takes effect after its caller gave up. */
    private static final Duration CLAIM_TO_EFFECT = Scenario.FUNCTION_TIMEOUT.plusSeconds(30);

    /** The record of a stay that the next stay's record replaced. */
    private record Replaced(Stay stay, Instant at) {}

    private final Wire wire;
    private final Faults faults;
    private final Invariants invariants;
    private final Timeline timeline;
    private final Trace trace;
    private final Map<InstanceId, Entry> objects = new TreeMap<>();
    private final Set<InstanceId> deleted = new TreeSet<>();
    private final Map<InstanceId, Replaced> replaced = new TreeMap<>();
    private final Set<InstanceId> begunAnew = new TreeSet<>();
    private Waiting waiting = Waiting.NONE;
    private long versions;

    SimulatedLedger(Wire wire, Faults faults, Invariants invariants, Timeline timeline, Trace trace) {
        this.wire = wire;
        this.timeline = timeline;
        this.faults = faults;
        this.invariants = invariants;
        this.trace = trace;
    }

    Optional<Stay> stay(InstanceId instance) {
        return objects.getOrDefault(instance, Entry.NONE).stay();
    }

    /**
     * The runs that a worker may still be about to begin: those of the instance's record, and those of the record before it. The
     * latter count for as long as a function can have been stopped since it claimed.
     */
    Stream<Attempt> begunBySomeWorker(InstanceId instance) {
        Instant since = timeline.instant().minus(CLAIM_TO_EFFECT);
        Stream<Stay> before = Optional.ofNullable(replaced.get(instance))
                .filter(earlier -> !earlier.at().isBefore(since))
                .map(Replaced::stay)
                .stream();
        return Stream.concat(stay(instance).stream(), before).flatMap(stay -> stay.attempts().stream());
    }

    /** The stay before the recorded one; empty if the record was deleted in between. */
    Optional<Stay> before(InstanceId instance) {
        return begunAnew.contains(instance)
                ? Optional.empty()
                : Optional.ofNullable(replaced.get(instance)).map(Replaced::stay);
    }

    /** Whether a worker that was stopped can have begun this run in the stay after the one that claimed it. */
    boolean wasOfTheStayBefore(InstanceId instance, String run) {
        return Optional.ofNullable(replaced.get(instance)).stream()
                .flatMap(earlier -> earlier.stay().attempts().stream())
                .anyMatch(claimed -> claimed.runId().value().equals(run));
    }

    /** Whether there was a record of a stay that was over, and it was deleted. */
    boolean wasDeleted(InstanceId instance) {
        return deleted.contains(instance);
    }

    @Override
    public Map<InstanceId, Result<Entry>> load(FleetName fleet, Collection<InstanceId> instances) {
        return wire.reliably("load", () -> {
            Map<InstanceId, Result<Entry>> found = new TreeMap<>();
            instances.forEach(i -> found.put(
                    i,
                    faults.strikes(FaultKind.OBJECT_FAILS)
                            ? new Result.Err<>(unanswered(i))
                            : new Result.Ok<>(objects.getOrDefault(i, Entry.NONE))));
            return found;
        });
    }

    @Override
    public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
        return wire.reliably("write", () -> {
            Map<InstanceId, Result<Optional<Entry>>> answers = new TreeMap<>();
            changes.forEach((i, change) -> answers.put(i, repeated(i, change)));
            return answers;
        });
    }

    /** A write whose answer was lost is sent again, as the SDK does; others may have written meanwhile. */
    private Result<Optional<Entry>> repeated(InstanceId instance, Entry change) {
        Result<Optional<Entry>> first = write(instance, change);
        if (!faults.strikes(FaultKind.WRITE_REPEATED)) {
            return first;
        }
        wire.pass(faults.of(FaultKind.WRITE_REPEATED));
        return write(instance, change);
    }

    private Result<Optional<Entry>> write(InstanceId instance, Entry change) {
        if (faults.strikes(FaultKind.OBJECT_FAILS) || faults.strikes(FaultKind.WRITE_CONFLICT)) {
            return new Result.Err<>(unanswered(instance));
        }
        deleteIfClosed(instance);
        Entry stored = objects.getOrDefault(instance, Entry.NONE);
        if (!stored.version().equals(change.version())) {
            boolean isOurs = stored.stay().equals(change.stay());
            trace.say(() -> instance + " 412 on " + (isOurs ? "its own write" : "another worker's write"));
            return new Result.Ok<>(isOurs ? Optional.of(stored) : Optional.empty());
        }
        versions++;
        Entry entry = new Entry(change.stay(), Optional.of("etag-" + versions));
        objects.put(instance, entry);
        stored.stay()
                .filter(earlier -> change.stay()
                        .filter(now -> now.number() == earlier.number())
                        .isEmpty())
                .ifPresent(earlier -> {
                    replaced.put(instance, new Replaced(earlier, timeline.instant()));
                    begunAnew.remove(instance);
                });
        if (stored.stay().isEmpty()) {
            begunAnew.add(instance);
        }
        trace.say(() -> instance + " record: " + change.stay().map(Words::of).orElse("none"));
        invariants.written(instance, stored.stay(), change.stay().orElseThrow());
        return faults.strikes(FaultKind.OBJECT_ANSWER_LOST)
                ? new Result.Err<>(unanswered(instance))
                : new Result.Ok<>(Optional.of(entry));
    }

    @Override
    public Waiting waiting(FleetName fleet) {
        return wire.call("read waiting", () -> waiting);
    }

    @Override
    public void keepWaiting(FleetName fleet, Waiting changed) {
        wire.call("write waiting", () -> {
            if (waiting.version().equals(changed.version())) {
                versions++;
                waiting = new Waiting(changed.instances(), Optional.of("etag-" + versions));
            }
            return true;
        });
    }

    /** Afterwards a write whose worker read the record before answers 404. */
    private void deleteIfClosed(InstanceId instance) {
        boolean isClosed = stay(instance).flatMap(Stay::closedAt).isPresent();
        if (isClosed && faults.strikes(FaultKind.RECORD_DELETED)) {
            objects.remove(instance);
            deleted.add(instance);
            trace.say(() -> instance + " somebody deletes its record");
        }
    }

    private static GantryException unanswered(InstanceId instance) {
        return new GantryException.Retryable("S3 did not answer for " + instance, null);
    }
}
