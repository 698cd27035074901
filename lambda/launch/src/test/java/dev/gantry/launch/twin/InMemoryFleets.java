package dev.gantry.launch.twin;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Settings and releases; {@code find} can be as old as the contract allows, when a test asks for that. */
public final class InMemoryFleets implements Fleets {
    private final Calls calls;
    private final HandClock clock;
    private final Map<FleetName, Fleet> settings = new TreeMap<>();
    private final Map<FleetName, String> broken = new TreeMap<>();
    private final Map<FleetName, Trouble> troubles = new TreeMap<>();
    private final Map<FleetName, Release> releases = new TreeMap<>();
    private final Map<FleetName, Cached> cache = new TreeMap<>();
    private final Set<String> bundles = new HashSet<>();
    private final Map<BundleId, String> flaws = new TreeMap<>();
    private Duration age = Duration.ZERO;

    public InMemoryFleets(Calls calls, HandClock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    private record Cached(Optional<View> view, Instant at) {}

    @Override
    public Set<FleetName> names() {
        return calls.through("fleets.names", () -> {
            Set<FleetName> names = new TreeSet<>(settings.keySet());
            names.addAll(broken.keySet());
            return names;
        });
    }

    @Override
    public Optional<View> find(FleetName fleet) {
        return calls.through("fleets.find", () -> {
            Cached known = cache.get(fleet);
            if (known == null || !clock.instant().isBefore(known.at().plus(age))) {
                known = new Cached(read(fleet), clock.instant());
                cache.put(fleet, known);
            }
            return known.view();
        });
    }

    private Optional<View> read(FleetName fleet) {
        if (broken.containsKey(fleet)) {
            return Optional.of(Fleets.broken(fleet, release(fleet), broken.get(fleet)));
        }
        return Optional.ofNullable(settings.get(fleet))
                .map(f -> new View(f, release(fleet), Optional.ofNullable(troubles.get(fleet))));
    }

    @Override
    public Release change(FleetName fleet, UnaryOperator<Release> change) {
        return calls.through("fleets.change", () -> {
            Release changed = change.apply(release(fleet));
            releases.put(fleet, changed);
            return changed;
        });
    }

    @Override
    public Optional<String> flaw(FleetName fleet, BundleId bundle) {
        return calls.through(
                "fleets.flaw",
                () -> bundles.contains(fleet.encoded() + "/" + bundle.sha256())
                        ? Optional.ofNullable(flaws.get(bundle))
                        : Optional.of("bundle " + bundle.sha256() + " is not in the bucket: publish it first"));
    }

    /** The bundle's object was written over. */
    public void spoil(BundleId bundle, String flaw) {
        flaws.put(bundle, flaw);
    }

    /** The right bytes are there again. */
    public void mend(BundleId bundle) {
        flaws.remove(bundle);
    }

    public Release release(FleetName fleet) {
        return releases.getOrDefault(fleet, Release.NONE);
    }

    public void release(FleetName fleet, Release release) {
        releases.put(fleet, release);
    }

    public void settings(Fleet fleet) {
        settings.put(fleet.name(), fleet);
        broken.remove(fleet.name());
    }

    /** The settings' object cannot be understood. */
    public void breakSettings(FleetName fleet, String why) {
        broken.put(fleet, why);
    }

    /** Something about the fleet is wrong although its settings can be read, for example a bundle that is missing. */
    public void trouble(FleetName fleet, Trouble trouble) {
        troubles.put(fleet, trouble);
    }

    /** Somebody has repaired it. */
    public void repair(FleetName fleet) {
        troubles.remove(fleet);
        broken.remove(fleet);
    }

    public void upload(FleetName fleet, BundleId bundle) {
        bundles.add(fleet.encoded() + "/" + bundle.sha256());
    }

    /** From now on {@code find} answers with what it knew up to this long ago. */
    public void cacheFor(Duration time) {
        age = time;
    }
}
