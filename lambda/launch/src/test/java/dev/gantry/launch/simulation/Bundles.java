package dev.gantry.launch.simulation;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The fleet's release over time, whether its bundles work, and its configuration errors. */
final class Bundles {
    private final Timeline timeline;
    private final Trace trace;
    private final List<Past> past = new ArrayList<>();
    private final Map<BundleId, Worth> worth = new TreeMap<>();
    private final Set<Mistake> mistakes = EnumSet.noneOf(Mistake.class);
    private final Set<Mistake> made = EnumSet.noneOf(Mistake.class);
    private BiConsumer<Release, Release> onChange = (before, after) -> {};
    private Instant repairedAt = Instant.MIN;
    private int published;

    Bundles(Timeline timeline, Trace trace) {
        this.timeline = timeline;
        this.trace = trace;
        past.add(new Past(timeline.instant(), Release.NONE));
    }

    /** Is informed of each change of the release. */
    void onChange(BiConsumer<Release, Release> listener) {
        onChange = listener;
    }

    private record Past(Instant from, Release release) {}

    /** The result of a run. */
    enum Worth {
        GOOD,
        BAD,
        /** Fails every second time. */
        UNRELIABLE
    }

    /** A configuration error that somebody has to repair. */
    enum Mistake {
        SETTINGS_BROKEN,
        BUNDLE_MISSING,
        SENDS_DENIED,
        LISTS_DENIED,
        HEARTBEATS_DENIED,
        COMPLETIONS_DENIED,
        SUSPENSIONS_DENIED,
        RELEASE_WRITES_DENIED
    }

    /** Uploads a bundle, without publishing it. */
    BundleId upload(Worth itsWorth) {
        published++;
        BundleId bundle = Scenario.bundle(published);
        worth.put(bundle, itsWorth);
        return bundle;
    }

    Worth worth(BundleId bundle) {
        return worth.getOrDefault(bundle, Worth.GOOD);
    }

    boolean has(BundleId bundle) {
        return worth.containsKey(bundle);
    }

    Release release() {
        return past.get(past.size() - 1).release();
    }

    Release change(UnaryOperator<Release> change) {
        Release before = release();
        Release after = change.apply(before);
        if (!after.equals(before)) {
            past.add(new Past(timeline.instant(), after));
            trace.say(() -> "release: current " + after.current() + ", quarantined "
                    + after.quarantined().keySet() + ", " + after.breaker());
            onChange.accept(before, after);
        }
        return after;
    }

    /** Whether a new run could take this bundle at some time from {@code from} to {@code to}. */
    boolean wasLaunchable(BundleId bundle, Instant from, Instant to) {
        return wasSo(from, to, release -> release.launchable().equals(Optional.of(bundle)));
    }

    /** Whether it was free of quarantine at some time from {@code from} to {@code to}. */
    boolean wasUsable(BundleId bundle, Instant from, Instant to) {
        return wasSo(from, to, release -> !release.isQuarantined(bundle));
    }

    private boolean wasSo(Instant from, Instant to, Predicate<Release> condition) {
        Instant next = Instant.MAX;
        for (int i = past.size() - 1; i >= 0; i--) {
            Past p = past.get(i);
            boolean overlaps = !p.from().isAfter(to) && !next.isBefore(from);
            if (overlaps && condition.test(p.release())) {
                return true;
            }
            next = p.from();
        }
        return false;
    }

    boolean wasEverQuarantined(BundleId bundle) {
        return past.stream().anyMatch(p -> p.release().isQuarantined(bundle));
    }

    void make(Mistake mistake) {
        mistakes.add(mistake);
        made.add(mistake);
        trace.say(() -> "a configuration error is made: " + mistake);
    }

    void repairAll() {
        if (!mistakes.isEmpty()) {
            mistakes.clear();
            repairedAt = timeline.instant();
            trace.say(() -> "the configuration is repaired");
        }
    }

    /** Whether a decision of now may have been taken without settings, and so with default limits. */
    boolean mayBeUnsettled() {
        return is(Mistake.SETTINGS_BROKEN)
                || (everWas(Mistake.SETTINGS_BROKEN)
                        && repairedAt.plus(Invariants.STALE).isAfter(timeline.instant()));
    }

    boolean is(Mistake mistake) {
        return mistakes.contains(mistake);
    }

    boolean everWas(Mistake mistake) {
        return made.contains(mistake);
    }

    boolean isMistaken() {
        return !mistakes.isEmpty();
    }

    Optional<Trouble> trouble() {
        return is(Mistake.BUNDLE_MISSING)
                ? Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, "the bundle is not there", timeline.instant()))
                : Optional.empty();
    }
}
