package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.reconcile.breaker.BreakerAftermath;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Observes, decides, acts: the only entry for every signal and for the sweep. It is idempotent, also for two concurrent
 * workers, because conditional writes claim what matters.
 */
public final class Reconciler {
    private final Ports ports;
    private final Guard guard;
    private final Looks looks;
    private final Sweep sweep;

    public Reconciler(Ports ports) {
        BreakerAftermath aftermath = new BreakerAftermath(ports.fleets(), ports.groups(), ports.journal());
        FleetRound round = new FleetRound(ports, aftermath);
        Departures departures = new Departures(ports.ledger(), ports.journal(), ports.clock());
        this.ports = ports;
        this.guard = new Guard(ports.journal());
        this.looks = new Looks(ports, guard, round, departures);
        this.sweep = new Sweep(ports, guard, round, departures, aftermath);
    }

    /** Looks at these instances now; the answer has a decision for each, the last one that was taken. */
    public Map<InstanceId, Decision> look(Collection<Look> asked) {
        return looks.look(asked, TimeLimit.NONE);
    }

    /** The same, with nothing begun after {@code until}: what is left then is to be looked at again soon. */
    public Map<InstanceId, Decision> look(Collection<Look> asked, Instant until) {
        return looks.look(asked, TimeLimit.at(until));
    }

    /**
     * The looks that the end of a whole command asks for: one for each instance that has it.
     *
     * @throws dev.gantry.launch.error.GantryException where Systems Manager does not answer well
     */
    public List<Look> looksFor(String command) {
        Map<InstanceId, Commands.Progress> progress = guard.asked(
                        "the progress of command " + command,
                        () -> ports.commands().progress(Set.of(command)))
                .getOrDefault(command, Map.of());
        return progress.keySet().stream()
                .sorted()
                .map(instance -> Look.ended(instance, command, progress.get(instance)))
                .toList();
    }

    /**
     * Looks at every waiting instance of every fleet; these are in the answer. Instances that may come back to a gate are looked
     * at, too: so a stay that something else completed, or whose completion was never noted, is known to be over by then. That
     * costs an S3 read for each instance in a warm pool or in standby. What a breaker left undone is finished.
     *
     * @throws dev.gantry.launch.error.GantryException where the fleets, or the instances of their groups, cannot be listed
     */
    public Map<InstanceId, Decision> sweep() {
        return sweep.run(TimeLimit.NONE);
    }

    /**
     * The same, with nothing begun after {@code until}. Where that is before the end, the next sweep begins elsewhere: otherwise
     * the last instances of a large group would never have their turn.
     *
     * @throws dev.gantry.launch.error.GantryException where the fleets, or the instances of their groups, cannot be listed
     */
    public Map<InstanceId, Decision> sweep(Instant until) {
        return sweep.run(TimeLimit.at(until));
    }
}
