package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes stays to the ledger, each by a conditional write. */
final class LedgerWriter {
    private final Ledger ledger;

    LedgerWriter(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Stores these stays. An instance whose record another worker wrote in between, or whose write failed, is looked at again. */
    Acted store(FleetName fleet, Collection<ObservedInstance> changed) {
        Map<InstanceId, Ledger.Entry> changes = new LinkedHashMap<>();
        changed.forEach(c -> changes.put(c.instance(), c.loaded().with(c.stay())));
        Map<InstanceId, Result<Optional<Ledger.Entry>>> results =
                changes.isEmpty() ? Map.of() : ledger.write(fleet, changes);
        Acted stored = Acted.NOTHING;
        for (ObservedInstance c : changed) {
            stored = stored.then(stored(c, results.get(c.instance())));
        }
        return stored;
    }

    private static Acted stored(ObservedInstance written, Result<Optional<Ledger.Entry>> result) {
        if (result instanceof Result.Err<Optional<Ledger.Entry>> err) {
            return Acted.none(Outcomes.failed(written.instance(), err.error()));
        }
        Optional<Ledger.Entry> entry = ((Result.Ok<Optional<Ledger.Entry>>) result).value();
        return entry.map(stored -> Acted.on(written.stored(stored)))
                .orElseGet(() -> Acted.none(Outcomes.wait(
                        written.instance(), Reason.CLAIM, "another worker wrote to the instance's record in between")));
    }
}
