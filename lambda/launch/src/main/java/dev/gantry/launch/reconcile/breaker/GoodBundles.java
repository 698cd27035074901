package dev.gantry.launch.reconcile.breaker;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Attempt;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Remembers which bundle succeeded last, and that its earlier failures no longer count. A success that would only change the
 * stored time is not written: a healthy fleet costs one list call for each round with successes, and no write. A launch
 * never fails because a success could not be remembered.
 */
public final class GoodBundles {
    private final Fleets fleets;
    private final Failures failures;
    private final Journal journal;

    public GoodBundles(Fleets fleets, Failures failures, Journal journal) {
        this.fleets = fleets;
        this.failures = failures;
        this.journal = journal;
    }

    /**
     * Makes the bundles of these runs good ones of the fleet.
     *
     * @param known the release as it was read at most 60 s ago
     * @param attempts the runs of stays that proceed
     */
    public void remember(FleetName fleet, Release known, Collection<Attempt> attempts) {
        Map<BundleId, Instant> successes = new TreeMap<>();
        attempts.stream()
                .filter(Attempt::succeeded)
                .forEach(a -> successes.merge(
                        a.bundle(), a.end().orElseThrow().at(), (one, other) -> one.isAfter(other) ? one : other));
        successes.forEach((bundle, at) -> remember(fleet, known, bundle, at));
    }

    private void remember(FleetName fleet, Release known, BundleId bundle, Instant at) {
        try {
            if (isNews(fleet, known, bundle, at)) {
                fleets.change(fleet, r -> r.succeeded(bundle, at));
            }
        } catch (GantryException e) {
            journal.log(
                    EventType.LAST_GOOD_NOT_KEPT,
                    Map.of(
                            "fleet", fleet.value(),
                            "bundle", bundle.sha256(),
                            "error", String.valueOf(e.getMessage())));
        }
    }

    private boolean isNews(FleetName fleet, Release release, BundleId bundle, Instant at) {
        if (release.succeeded(bundle, at).equals(release)) {
            return false;
        }
        return !release.lastGood().equals(Optional.of(bundle))
                || !failures.failed(fleet, bundle, release.countFrom(bundle)).isEmpty();
    }
}
