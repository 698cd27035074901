package dev.gantry.launch.reconcile;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.stay.Trouble;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;

/** A fleet's settings and release for a round, and what is wrong with them. */
final class FleetViews {
    private final Fleets fleets;
    private final Bastion bastion;
    private final InstantSource clock;
    private final LastKnownHookNames hooks = new LastKnownHookNames();

    FleetViews(Fleets fleets, Bastion bastion, InstantSource clock) {
        this.fleets = fleets;
        this.bastion = bastion;
        this.clock = clock;
    }

    /**
     * The view of this fleet; empty for a group that is not Gantry's.
     *
     * @param looks what the signals about its instances said
     */
    Optional<Fleets.View> of(FleetName fleet, Collection<Look> looks) {
        return fleets.find(fleet)
                .or(() -> withoutSettings(fleet, looks))
                .map(found -> hooks.named(checked(found), looks));
    }

    /** A hook with Gantry's name on a group without settings is a configuration error, not another program's hook. */
    private static Optional<Fleets.View> withoutSettings(FleetName fleet, Collection<Look> looks) {
        boolean isOurs = looks.stream().map(Look::hook).anyMatch(Optional.of(Fleet.DEFAULT_HOOK)::equals);
        return isOurs ? Optional.of(Fleets.withoutSettings(fleet)) : Optional.empty();
    }

    /** Otherwise a fleet that needs a missing channel would learn that only during an outage. */
    private Fleets.View checked(Fleets.View view) {
        Optional<Trouble> missing = bastion.missing()
                .filter(why -> view.fleet().policy().fallback().isUsed())
                .map(why -> new Trouble(
                        Trouble.Kind.MISCONFIGURED,
                        "fleet " + view.fleet().name() + " falls back to the bastion (fallback.use), and " + why,
                        clock.instant()));
        return new Fleets.View(view.fleet(), view.release(), view.trouble().or(() -> missing));
    }
}
