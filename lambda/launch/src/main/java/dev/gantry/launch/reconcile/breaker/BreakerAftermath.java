package dev.gantry.launch.reconcile.breaker;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Carries out and announces what the breaker has decided. Unfinished steps are recorded in the release, so that every later look
 * at the fleet finishes what a killed function began: a page is sent at least once, and the Launch process is suspended.
 */
public final class BreakerAftermath {
    private final Fleets fleets;
    private final Groups groups;
    private final Journal journal;

    public BreakerAftermath(Fleets fleets, Groups groups, Journal journal) {
        this.fleets = fleets;
        this.groups = groups;
        this.journal = journal;
    }

    /**
     * Does the unfinished steps; a step that fails now is left for the next look.
     *
     * @param seen the release as it was read at some time; costs no call where it has nothing unfinished
     */
    public void finish(FleetName fleet, Release seen) {
        if (!seen.breaker().isUnfinished()) {
            return;
        }
        try {
            // Not as it was seen: that can be 60 s old, and somebody may have lifted it.
            Release release = fleets.change(fleet, UnaryOperator.identity());
            tell(fleet, release);
            suspend(fleet, release);
        } catch (GantryException e) {
            notFinished(fleet, e);
        }
    }

    /** The same for a fleet none of whose instances is looked at; what cannot be read now is left for the next sweep, too. */
    public void finish(FleetName fleet) {
        try {
            fleets.find(fleet).ifPresent(view -> finish(fleet, view.release()));
        } catch (GantryException e) {
            journal.log(
                    EventType.BREAKER_NOT_READ,
                    Map.of("fleet", fleet.value(), "error", String.valueOf(e.getMessage())));
        }
    }

    private void tell(FleetName fleet, Release release) {
        Set<BundleId> unannounced = release.breaker().unannounced();
        if (unannounced.isEmpty()) {
            return;
        }
        unannounced.forEach(bundle -> {
            String reason = release.quarantined().getOrDefault(bundle, "lifted meanwhile");
            journal.page(
                    EventType.BREAKER_OPENED,
                    "bundle " + bundle.brief() + " of fleet " + fleet + " is quarantined: " + reason + "; "
                            + next(release),
                    Map.of(
                            "fleet",
                            fleet.value(),
                            "bundle",
                            bundle.sha256(),
                            "reason",
                            reason,
                            "current",
                            release.launchable().map(BundleId::sha256).orElse("")));
        });
        fleets.change(fleet, r -> r.announced(unannounced));
    }

    private static String next(Release release) {
        return release.launchable()
                .map(current -> "bundle " + current.brief() + " is current; publish a fixed one")
                .orElse(
                        "no other bundle is known to be good: publish a fixed one, and lift what the breaker suspended");
    }

    private void suspend(FleetName fleet, Release release) {
        if (release.suspension() != Suspension.INTENDED) {
            return;
        }
        groups.suspendLaunch(fleet);
        String why = release.breaker().suspendedFor().orElse("the breaker opened");
        journal.page(
                EventType.LAUNCHES_SUSPENDED,
                "group " + fleet + " launches no more instances, because " + why
                        + "; repair the cause, then lift the suspension",
                Map.of("fleet", fleet.value(), "why", why));
        Release after = fleets.change(fleet, Release::suspended);
        if (after.suspension() == Suspension.NONE) {
            // Lifted between the reading and the suspending.
            groups.resumeLaunch(fleet);
        }
    }

    private void notFinished(FleetName fleet, GantryException e) {
        String error = String.valueOf(e.getMessage());
        journal.pageIfMisconfigured(
                EventType.BREAKER_NOT_FINISHED,
                e,
                "the breaker of fleet " + fleet + " is open, and what it decided cannot be carried out until somebody"
                        + " repairs this: " + error,
                Map.of("fleet", fleet.value(), "error", error));
    }
}
