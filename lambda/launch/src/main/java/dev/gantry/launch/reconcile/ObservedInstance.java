package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import java.util.Optional;

/**
 * One instance in one pass: what the ledger held, and what is known by now.
 *
 * @param loaded as stored in the ledger
 */
record ObservedInstance(InstanceId instance, Ledger.Entry loaded, Observation seen) {

    Decision decision() {
        return DecisionTable.decide(seen);
    }

    Stay stay() {
        return seen.stay().orElseThrow();
    }

    /** Whether the pass has learned something that the ledger does not hold yet. */
    boolean isNews() {
        return seen.stay().isPresent() && !seen.stay().equals(loaded.stay());
    }

    ObservedInstance with(Stay stay) {
        return new ObservedInstance(instance, loaded, seen.with(stay));
    }

    /** Whether Auto Scaling describes the instance at the gate of its stay. */
    boolean isAtItsGate(Optional<Member> described) {
        return described.flatMap(member -> Lifecycle.of(member.state()).gate()).equals(Optional.of(stay().gate()));
    }

    /** By the instance alone: all that was seen of it would be read at each step of a round. */
    @Override
    public int hashCode() {
        return instance.hashCode();
    }

    /** The same case after its stay was stored. */
    ObservedInstance stored(Ledger.Entry entry) {
        return new ObservedInstance(instance, entry, seen).with(entry.stay().orElseThrow());
    }
}
