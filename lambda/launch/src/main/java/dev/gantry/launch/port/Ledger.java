package dev.gantry.launch.port;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Stay;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The durable records about instances; changed by conditional writes only. */
public interface Ledger {

    /** The newest stay of each of these instances; an entry without stay and version where there is none yet. */
    Map<InstanceId, Result<Entry>> load(FleetName fleet, Collection<InstanceId> instances);

    /**
     * Writes stays, each only if its entry's version is still the stored one (or, without a version, if there is none).
     *
     * @return for each the entry as stored, or empty if another writer wrote in between
     */
    Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes);

    /** The instances that waited at the last sweep, so that each is followed to its end; empty if nothing was stored. */
    Waiting waiting(FleetName fleet);

    /** Stores them for the next sweep, unless another sweep has written since this list was read. */
    void keepWaiting(FleetName fleet, Waiting waiting);

    /**
     * The instances that waited, with the version they were read at.
     *
     * @param version S3's ETag; empty where there is no object yet
     */
    record Waiting(Set<InstanceId> instances, Optional<String> version) {
        public static final Waiting NONE = new Waiting(Set.of(), Optional.empty());

        public Waiting {
            instances = Collections.unmodifiableSet(new TreeSet<>(instances));
        }

        public Waiting with(Set<InstanceId> changed) {
            return new Waiting(changed, version);
        }
    }

    /**
     * A stay with the version it was read at.
     *
     * @param version S3's ETag
     */
    record Entry(Optional<Stay> stay, Optional<String> version) {
        public static final Entry NONE = new Entry(Optional.empty(), Optional.empty());

        public Entry with(Stay changed) {
            return new Entry(Optional.of(changed), version);
        }
    }
}
