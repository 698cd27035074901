package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Closes the records of instances that stopped waiting between two looks: scaled in, detached, or let into service by a function
 * that was killed before it could record that. Each sweep stores the names of the instances that wait; the next one looks once
 * more at those that no longer wait.
 */
final class Departures {
    private final Ledger ledger;
    private final Journal journal;
    private final InstantSource clock;

    Departures(Ledger ledger, Journal journal, InstantSource clock) {
        this.ledger = ledger;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * @param waiting the instances that are out of service now, at a gate or beyond it
     * @param look looks at instances, and answers those whose record is still open
     */
    void follow(FleetName fleet, Collection<InstanceId> waiting, UnaryOperator<Set<InstanceId>> look) {
        try {
            Ledger.Waiting known = ledger.waiting(fleet);
            Set<InstanceId> left = new TreeSet<>(known.instances());
            left.removeAll(waiting);
            Set<InstanceId> next = new TreeSet<>(waiting);
            next.addAll(left.isEmpty() ? left : look.apply(left));
            if (!next.equals(known.instances())) {
                ledger.keepWaiting(fleet, known.with(next));
            }
        } catch (GantryException e) {
            // The next sweep follows them.
            journal.log(EventType.LOOK_FAILED, LogFields.ofError(fleet, Map.of(), e));
        }
    }

    /**
     * Closes the records of instances that are no longer in a group. A record that was opened so recently that the description
     * may be older is not changed.
     *
     * @return those that have no open record
     */
    Set<InstanceId> closeGone(FleetName fleet, Collection<InstanceId> gone, Instant describedAt) {
        Set<InstanceId> closed = new TreeSet<>();
        if (gone.isEmpty()) {
            return closed;
        }
        Map<InstanceId, Ledger.Entry> changes = new HashMap<>();
        ledger.load(fleet, gone).forEach((instance, result) -> {
            if (result instanceof Result.Ok<Ledger.Entry> ok) {
                Optional<Stay> stay = ok.value().stay();
                if (stay.filter(s -> s.closedAt().isEmpty()).isEmpty()) {
                    closed.add(instance);
                } else if (!stay.get().isYoung(describedAt)) {
                    changes.put(instance, ok.value().with(stay.get().gone("is gone", clock.instant())));
                }
            }
        });
        if (!changes.isEmpty()) {
            ledger.write(fleet, changes).forEach((instance, result) -> {
                if (result instanceof Result.Ok<Optional<Ledger.Entry>> ok
                        && ok.value().isPresent()) {
                    closed.add(instance);
                }
            });
        }
        return closed;
    }
}
