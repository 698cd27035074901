package dev.gantry.cli.account;

import dev.gantry.cli.base.Recent;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Stay;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cache of the ledger's records: a record with the same ETag is not read again. */
final class KnownStays {
    /** Each has about 2 kB. */
    private static final int MOST = 5_000;

    private record Key(FleetName fleet, InstanceId instance) {}

    private final Map<Key, Ledger.Entry> entries = Recent.map(MOST);

    /**
     * The newest stay of each instance.
     *
     * @param versions the existing records, with their ETags; the others are not read
     */
    Map<InstanceId, Result<Optional<Stay>>> load(
            Ledger ledger, FleetName fleet, Collection<InstanceId> instances, Map<InstanceId, String> versions) {
        Map<InstanceId, Result<Optional<Stay>>> stays = new TreeMap<>();
        List<InstanceId> changed = new ArrayList<>();
        for (InstanceId instance : instances) {
            Optional<String> version = Optional.ofNullable(versions.get(instance));
            Ledger.Entry known = entries.get(new Key(fleet, instance));
            if (version.isEmpty()) {
                stays.put(instance, new Result.Ok<>(Optional.empty()));
            } else if (known != null && known.version().equals(version)) {
                stays.put(instance, new Result.Ok<>(known.stay()));
            } else {
                changed.add(instance);
            }
        }
        if (!changed.isEmpty()) {
            ledger.load(fleet, changed).forEach((instance, entry) -> {
                if (entry instanceof Result.Ok<Ledger.Entry> ok) {
                    entries.put(new Key(fleet, instance), ok.value());
                }
                stays.put(instance, EvidenceReader.stay(entry));
            });
        }
        return stays;
    }
}
