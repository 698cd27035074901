package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One execution environment's view of settings and release, up to 60 s old as the adapter's. */
final class SimulatedFleets implements Fleets {
    /** As the adapter keeps it, and as the port's contract allows. */
    static final Duration KEPT = Duration.ofSeconds(60);

    private final Wire wire;
    private final Timeline timeline;
    private final Settings settings;
    private final Bundles bundles;
    private final Invariants invariants;
    private Optional<View> kept = Optional.empty();
    private Instant readAt = Instant.MIN;

    SimulatedFleets(Wire wire, Timeline timeline, Settings settings, Bundles bundles, Invariants invariants) {
        this.wire = wire;
        this.timeline = timeline;
        this.settings = settings;
        this.bundles = bundles;
        this.invariants = invariants;
    }

    @Override
    public Set<FleetName> names() {
        return wire.call("list fleets", () -> Set.of(Scenario.WEB));
    }

    @Override
    public Optional<View> find(FleetName fleet) {
        if (kept.isEmpty() || !timeline.instant().isBefore(readAt.plus(KEPT))) {
            Instant asked = timeline.instant();
            kept = Optional.of(wire.call("read settings", this::read));
            readAt = asked;
        }
        // With another hook than the default one, a fresh environment knows neither it nor how to renew it.
        if (kept.get().fleet().policy().mode() == Policy.Mode.UNKNOWN
                && !settings.now().hook().equals(kept.get().fleet().hook())) {
            invariants.disturbed();
        }
        return kept;
    }

    private View read() {
        return bundles.is(Bundles.Mistake.SETTINGS_BROKEN)
                ? Fleets.broken(Scenario.WEB, bundles.release(), "settings.json: hook is missing")
                : new View(settings.now(), bundles.release(), bundles.trouble());
    }

    @Override
    public Release change(FleetName fleet, UnaryOperator<Release> change) {
        Release changed = wire.call("change release", () -> {
            Release before = bundles.release();
            if (bundles.is(Bundles.Mistake.RELEASE_WRITES_DENIED)
                    && !change.apply(before).equals(before)) {
                invariants.disturbed();
                throw new GantryException.Misconfigured("writing release.json: AccessDenied");
            }
            return bundles.change(change);
        });
        kept = Optional.empty();
        return changed;
    }

    @Override
    public Optional<String> flaw(FleetName fleet, BundleId bundle) {
        return wire.call(
                "look for bundle",
                () -> bundles.has(bundle) ? Optional.empty() : Optional.of("the bundle is not there"));
    }
}
