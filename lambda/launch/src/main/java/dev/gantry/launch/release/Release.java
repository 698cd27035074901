package dev.gantry.launch.release;

import dev.gantry.launch.id.BundleId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which bundle a fleet's launches take; changed by conditional writes only, and by the function alone.
 *
 * @param current what new runs apply
 * @param lastGood the bundle that succeeded last
 * @param quarantined bundles that the breaker quarantined, each with its reason
 * @param breaker what else the breaker remembers
 * @param changes the {@link #KEPT} newest, the newest first; empty in releases written before changes were stored
 */
public record Release(
        Optional<BundleId> current,
        Optional<BundleId> lastGood,
        Map<BundleId, String> quarantined,
        BreakerState breaker,
        List<Change> changes) {

    /** How many changes are kept: the release stays an object of a few kilobytes, which each round reads. */
    public static final int KEPT = 20;

    /** A fleet to which nothing was ever published. */
    public static final Release NONE =
            new Release(Optional.empty(), Optional.empty(), Map.of(), BreakerState.CLOSED, List.of());

    public Release {
        quarantined = java.util.Collections.unmodifiableMap(new TreeMap<>(quarantined));
        changes = List.copyOf(changes);
    }

    /** One of which no change is known. */
    public Release(
            Optional<BundleId> current,
            Optional<BundleId> lastGood,
            Map<BundleId, String> quarantined,
            BreakerState breaker) {
        this(current, lastGood, quarantined, breaker, List.of());
    }

    /** With one more change; if nothing differs from the release before, nothing has changed. */
    public Release noting(Release before, Change change) {
        if (equals(before)) {
            return this;
        }
        List<Change> more =
                Stream.concat(Stream.of(change), changes.stream()).limit(KEPT).toList();
        return new Release(current, lastGood, quarantined, breaker, more);
    }

    /** Whether the breaker quarantined this bundle. */
    public boolean isQuarantined(BundleId bundle) {
        return quarantined.containsKey(bundle);
    }

    /** The bundle that a new run takes: the current one, unless it is quarantined. */
    public Optional<BundleId> launchable() {
        return current.filter(bundle -> !isQuarantined(bundle));
    }

    /** Whether, and how far, Gantry has suspended the group's Launch process. */
    public Suspension suspension() {
        return breaker.suspension();
    }

    /** The time after which failures of this bundle count: empty for all of them. */
    public Optional<Instant> countFrom(BundleId bundle) {
        return Optional.ofNullable(breaker.countFrom().get(bundle));
    }

    /** What becomes current if this bundle is quarantined. */
    public Optional<BundleId> otherGood(BundleId bundle) {
        return lastGood.filter(good -> !good.equals(bundle) && !isQuarantined(good));
    }

    /** After a proposal; the caller has refused quarantined bundles before. */
    public Release withCurrent(BundleId bundle) {
        return new Release(Optional.of(bundle), lastGood, quarantined, breaker, changes);
    }

    /**
     * After an instance was seen to serve with this bundle, so that its earlier failures no longer count. The success of a
     * bundle that is neither current nor the last good one, or that was quarantined meanwhile, changes nothing.
     */
    public Release succeeded(BundleId bundle, Instant at) {
        boolean counts =
                !isQuarantined(bundle) && (current.equals(Optional.of(bundle)) || lastGood.equals(Optional.of(bundle)));
        return counts
                ? new Release(current, Optional.of(bundle), quarantined, breaker.counting(bundle, at), changes)
                : this;
    }

    /**
     * After the breaker opened for this bundle: it is quarantined, and if it was current, the last good one replaces it; if there
     * is none, launches are to be suspended.
     *
     * @param launchProcess the state of the group's process; if it is suspended already, somebody else did that, and must resume it
     */
    public Release opened(BundleId bundle, String reason, LaunchProcess launchProcess) {
        if (isQuarantined(bundle)) {
            return this;
        }
        Map<BundleId, String> more = new TreeMap<>(quarantined);
        more.put(bundle, reason);
        boolean wasCurrent = current.equals(Optional.of(bundle));
        boolean stops = wasCurrent && otherGood(bundle).isEmpty() && launchProcess == LaunchProcess.RUNNING;
        BreakerState opened = breaker.unannounced(bundle);
        return new Release(
                wasCurrent ? otherGood(bundle).or(() -> current) : current,
                lastGood,
                more,
                stops
                        ? opened.suspending("bundle " + bundle.brief()
                                + " is quarantined, and there is no other bundle that is known to be good")
                        : opened,
                changes);
    }

    /** After an operator has lifted the quarantine of a bundle: its earlier failures do not count again. */
    public Release lifted(BundleId bundle, Instant now) {
        Map<BundleId, String> rest = new TreeMap<>(quarantined);
        rest.remove(bundle);
        return new Release(
                current, lastGood, rest, breaker.counting(bundle, now).announced(Set.of(bundle)), changes);
    }

    /** After it was decided to suspend the Launch process, unless that was decided before. */
    public Release suspending(String why) {
        return new Release(current, lastGood, quarantined, breaker.suspending(why), changes);
    }

    /** After the suspension that was intended was carried out. */
    public Release suspended() {
        return new Release(current, lastGood, quarantined, breaker.suspended(), changes);
    }

    /** After an operator had the group launch again: earlier abandonments do not count again. */
    public Release resumed(Instant now) {
        return new Release(current, lastGood, quarantined, breaker.resumed(now), changes);
    }

    /** After these quarantines were announced. */
    public Release announced(Set<BundleId> bundles) {
        return new Release(current, lastGood, quarantined, breaker.announced(bundles), changes);
    }
}
