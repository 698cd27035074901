package dev.gantry.system.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.system.e2e.Fleet;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;

/**
 * One launch with a fault. It is driven to its end as by AWS: by messages that are received again, and by sweeps, which come
 * more often than each minute so that a case does not take long. What is wrong at the end is reported in sentences.
 */
final class Launch {
    /** A claim is taken over 80 s after it was made, and the absence of its command takes another minute to prove. */
    static final Duration PATIENCE = Duration.ofMinutes(8);

    private static final Duration SWEEPS = Duration.ofSeconds(3);
    private static final Set<String> OVER = Set.of("Success", "Failed", "TimedOut", "Cancelled");

    private final Bench bench;
    private final Journey journey;
    private final Fleet fleet;
    private final Duration firstSweep;
    private final Instant begun = Instant.now();
    private Optional<String> instance = Optional.empty();
    private Optional<Instant> troubled = Optional.empty();
    private Optional<Instant> swept = Optional.empty();
    private Optional<Instant> quiet = Optional.empty();
    private final Set<String> notes = new LinkedHashSet<>();
    private final int mark;
    private boolean agentCame;
    private boolean isHeld;
    private boolean isReplaced;
    private int stages;

    /**
     * A launch that has not begun.
     *
     * @param firstSweep how long after the first trouble sweeps begin
     */
    Launch(Bench bench, Journey journey, Fleet fleet, Duration firstSweep) {
        this.bench = bench;
        this.journey = journey;
        this.fleet = fleet;
        this.firstSweep = firstSweep;
        this.mark = bench.gantry.calls.mark();
        journey.prepare(bench, fleet);
    }

    /** Launches one instance and follows it to its end, or to the time limit. */
    void toItsEnd() throws InterruptedException {
        fleet.desire(1);
        awaitItsEnd();
    }

    /** From now on there are sweeps, whatever the journey. */
    void sweepFromNowOn() {
        troubled = Optional.of(Instant.EPOCH);
        isHeld = false;
    }

    /** Stops the sweeps until they are started again. */
    void sweepNotYet() {
        isHeld = true;
    }

    /** Waits, with all that happens around the launch, until its instance is in this state. */
    boolean awaitState(String state) throws InterruptedException {
        return Pause.until(() -> {
            tend();
            return instance().filter(id -> fleet.state(id).equals(state)).isPresent();
        });
    }

    boolean awaitAgent() throws InterruptedException {
        return Pause.until(() -> instance().filter(this::hasAgent).isPresent());
    }

    boolean awaitItsEnd() throws InterruptedException {
        return Pause.until(() -> {
            tend();
            return isOver();
        });
    }

    Duration took() {
        return Duration.between(begun, Instant.now());
    }

    Optional<String> instance() {
        if (instance.isEmpty()) {
            instance = fleet.members().stream()
                    .map(AutoScalingInstanceDetails::instanceId)
                    .findFirst();
        }
        return instance;
    }

    /** What differs from an undisturbed launch, and is no fault; each once. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /** What is wrong; empty if nothing is. */
    List<String> complaints() {
        return instance()
                .map(id -> new Checks(bench, journey, fleet, id, mark).complaints())
                .orElseGet(() -> List.of("no instance was launched"));
    }

    private boolean isOver() {
        if (instance().isEmpty() || !hasLeft(instance.get()) || !isQuiet()) {
            quiet = Optional.empty();
            return false;
        }
        if (quiet.isEmpty()) {
            quiet = Optional.of(Instant.now());
        }
        return isNoted(instance.get());
    }

    /** If an instance was launched before launches were suspended, its message waits with it. */
    private boolean isQuiet() {
        boolean hasReplacement = journey.isAbandoned()
                && fleet.members().stream().anyMatch(member -> !instance.equals(Optional.of(member.instanceId())));
        if (hasReplacement && !isReplaced) {
            isReplaced = true;
            notes.add("an instance was launched before launches were suspended: it waits for a bundle");
        }
        return hasReplacement || bench.messages(ExampleFleet.QUEUE) == 0;
    }

    private boolean hasLeft(String id) {
        String state = fleet.state(id);
        return journey.isAbandoned()
                ? state.equals("gone") && bench.suspended(fleet).contains("Launch")
                : state.equals("InService");
    }

    /** A function that is killed after the completion and before its record leaves the record to the next look. */
    private boolean isNoted(String id) {
        boolean noted = fleet.record(id).filter(Launch::isDone).isPresent();
        boolean late = quiet.filter(since -> since.plus(SWEEPS).isBefore(Instant.now()))
                .isPresent();
        if (noted || !late || !bench.trap.isSprung()) {
            return noted;
        }
        if (journey.isAbandoned()) {
            notes.add("the completion is not recorded: the instance was gone at the next look");
            return true;
        }
        notes.add("the completion was recorded by an operator's look");
        bench.invoke(ExampleFleet.OPERATOR_FUNCTION, "{\"action\":\"look\",\"instance\":\"" + id + "\"}");
        return fleet.record(id).filter(Launch::isDone).isPresent();
    }

    private static boolean isDone(JsonNode stay) {
        return stay.path("closing").has("doneAt");
    }

    /** What happens around a function with a fault. */
    private void tend() {
        if (journey == Journey.LATE_AGENT && !agentCame && isAwaited()) {
            agentCame = true;
            bench.gantry.registration(fleet.name(), Optional.of(Duration.ZERO));
            instance().flatMap(bench.gantry.region.ec2()::machine).ifPresent(machine -> machine.reboot());
        }
        if (troubled.isEmpty() && bench.trap.isSprung()) {
            troubled = Optional.of(Instant.now());
        }
        if (isTimeToSweep()) {
            swept = Optional.of(Instant.now());
            // On a busy machine a sweep that nothing was done to can run into the functions' short timeout: it comes
            // again.
            stages += bench.sweep().failed() ? 0 : 1;
        }
    }

    /** Whether the launch message has begun to wait; if a fault prevented that, the agent still comes. */
    private boolean isAwaited() {
        return bench.trap.seen().stream().anyMatch(point -> point.call().equals("ChangeMessageVisibility"))
                || troubled.filter(at -> at.plusSeconds(5).isBefore(Instant.now()))
                        .isPresent();
    }

    private boolean isTimeToSweep() {
        Instant now = Instant.now();
        if (isHeld) {
            return false;
        }
        if (swept.filter(last -> last.plus(SWEEPS).isAfter(now)).isPresent()) {
            return false;
        }
        if (troubled.isPresent()) {
            return !troubled.get()
                    .plus(journey == Journey.SWEEP ? Duration.ZERO : firstSweep)
                    .isAfter(now);
        }
        return journey == Journey.SWEEP
                && instance().filter(this::isReadyForASweep).isPresent();
    }

    /** Without trouble two sweeps are enough: one when the agent is there, one when the run has ended. */
    private boolean isReadyForASweep(String id) {
        return stages == 0
                ? hasAgent(id) && fleet.state(id).equals("Pending:Wait")
                : fleet.commands(id).stream().anyMatch(run -> OVER.contains(run.statusAsString()));
    }

    private boolean hasAgent(String id) {
        return bench.gantry.ssm.describeInstanceInformationPaginator().instanceInformationList().stream()
                .anyMatch(agent -> agent.instanceId().equals(id));
    }
}
