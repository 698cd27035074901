package dev.gantry.function.scale;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Settings and release in memory, kept for 60 s as S3Fleets keeps them, with the time that S3 takes. */
final class SlowFleets implements Fleets {
    private static final Duration KEPT = Duration.ofSeconds(60);
    private static final Duration TWO_OBJECTS = Duration.ofMillis(50);

    private final Fleets fleets;
    private final VirtualTime time;
    private Optional<View> kept = Optional.empty();
    private Instant readAt = Instant.MIN;

    SlowFleets(Fleets fleets, VirtualTime time) {
        this.fleets = fleets;
        this.time = time;
    }

    @Override
    public Set<FleetName> names() {
        time.sleep(TWO_OBJECTS);
        return fleets.names();
    }

    @Override
    public Optional<View> find(FleetName fleet) {
        if (kept.isEmpty() || !time.instant().isBefore(readAt.plus(KEPT))) {
            time.sleep(TWO_OBJECTS);
            kept = fleets.find(fleet);
            readAt = time.instant();
        }
        return kept;
    }

    @Override
    public Release change(FleetName fleet, UnaryOperator<Release> change) {
        time.sleep(TWO_OBJECTS);
        kept = Optional.empty();
        return fleets.change(fleet, change);
    }

    @Override
    public Optional<String> flaw(FleetName fleet, BundleId bundle) {
        time.sleep(TWO_OBJECTS);
        return fleets.flaw(fleet, bundle);
    }
}
