package dev.gantry.launch.reconcile;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An operator's changes of a fleet's release. Every call may throw a {@link dev.gantry.launch.error.GantryException}. */
public final class Operator {
    private final Fleets fleets;
    private final Groups groups;
    private final Journal journal;
    private final InstantSource clock;

    public Operator(Fleets fleets, Groups groups, Journal journal, InstantSource clock) {
        this.fleets = fleets;
        this.groups = groups;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * The answer to an operator.
     *
     * @param message one sentence: the new state, or the reason for the refusal and what to do next
     */
    public record Response(boolean accepted, String message) {}

    /**
     * Makes a bundle the fleet's current one, unless it is missing or quarantined.
     *
     * @param by who asks, for the record
     */
    public Response propose(FleetName fleet, BundleId bundle, String by) {
        Optional<Fleets.View> view = fleets.find(fleet);
        if (view.isEmpty()) {
            return refused("group " + fleet + " has no settings, so it is no fleet of Gantry's");
        }
        Optional<String> flaw = fleets.flaw(fleet, bundle);
        if (flaw.isPresent()) {
            return refused(flaw.get());
        }
        Release after = fleets.change(
                fleet,
                r -> r.isQuarantined(bundle)
                        ? r
                        : r.withCurrent(bundle).noting(r, change(Change.Kind.CURRENT, Optional.of(bundle), by)));
        if (after.isQuarantined(bundle)) {
            return refused("bundle " + bundle.brief() + " is quarantined: "
                    + after.quarantined().get(bundle) + "; fix it, or lift the quarantine");
        }
        journal.log(EventType.BUNDLE_CURRENT, Map.of("fleet", fleet.value(), "bundle", bundle.sha256(), "by", by));
        String suspended =
                after.suspension() == Suspension.NONE ? "" : "; its launches are still suspended: lift the suspension";
        return new Response(true, "bundle " + bundle.brief() + " is current for fleet " + fleet + suspended);
    }

    /**
     * Lifts what the breaker did: the bundle's quarantine, and the suspension of Launch if it was Gantry that suspended it.
     * Earlier failures and abandonments do not count again.
     *
     * @param by who asks, for the record
     */
    public Response lift(FleetName fleet, Optional<BundleId> bundle, String by) {
        Optional<Fleets.View> view = fleets.find(fleet);
        if (view.isEmpty()) {
            return refused("group " + fleet + " has no settings, so it is no fleet of Gantry's");
        }
        List<String> done = new ArrayList<>();
        // Not the view: it can be 60 s old, and the breaker may just have opened.
        Release before = fleets.change(fleet, UnaryOperator.identity());
        bundle.filter(before::isQuarantined).ifPresent(lifted -> {
            fleets.change(fleet, r -> r.lifted(lifted, clock.instant())
                    .noting(r, change(Change.Kind.LIFTED, Optional.of(lifted), by)));
            done.add("bundle " + lifted.brief() + " is no longer quarantined");
        });
        if (before.suspension() != Suspension.NONE) {
            groups.resumeLaunch(fleet);
            Release after = fleets.change(fleet, r -> r.resumed(clock.instant())
                    .noting(r, change(Change.Kind.RESUMED, Optional.empty(), by)));
            done.add("the group launches again"
                    + (after.launchable().isPresent() ? "" : ", but has no bundle to apply: publish one"));
        }
        if (done.isEmpty()) {
            return refused("there is nothing to lift: fleet " + fleet + " has not suspended launches"
                    + bundle.map(b -> ", and bundle " + b.brief() + " is not quarantined")
                            .orElse(""));
        }
        journal.log(EventType.LIFTED, Map.of("fleet", fleet.value(), "done", done, "by", by));
        return new Response(true, String.join("; ", done));
    }

    private Change change(Change.Kind kind, Optional<BundleId> bundle, String by) {
        return new Change(clock.instant(), kind, bundle, by);
    }

    private static Response refused(String message) {
        return new Response(false, message);
    }
}
