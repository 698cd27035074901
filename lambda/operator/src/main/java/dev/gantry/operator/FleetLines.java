package dev.gantry.operator;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.operator.Explanation.Deadline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** From what was read about a fleet to its line. */
public final class FleetLines {
    private FleetLines() {}

    /**
     * What was read about a fleet.
     *
     * @param members empty where the group does not exist
     * @param stays of the instances that wait
     * @param abandonedToday how many abandonments were recorded since midnight UTC
     */
    public record Read(
            FleetName fleet,
            Result<Optional<Fleets.View>> view,
            Result<Optional<List<Groups.Member>>> members,
            Map<?, Result<Optional<Stay>>> stays,
            Result<Boolean> launchSuspended,
            Result<Integer> abandonedToday) {}

    /** The line of one fleet. */
    public static FleetLine of(Read read) {
        Optional<Fleets.View> view = value(read.view());
        List<Groups.Member> members = value(read.members()).orElse(List.of());
        Optional<Release> release = view.map(Fleets.View::release);
        return new FleetLine(
                read.fleet(),
                view.map(FleetLines::mode).orElse("unknown"),
                bundles(release),
                counts(read, members),
                oldest(read, view),
                read.launchSuspended() instanceof Result.Ok<Boolean> ok ? Optional.of(!ok.value()) : Optional.empty(),
                troubles(read, view));
    }

    private static FleetLine.Counts counts(Read read, List<Groups.Member> members) {
        return new FleetLine.Counts(
                (int) members.stream().filter(FleetLines::waits).count(),
                (int) members.stream()
                        .filter(m -> m.state().equals("InService"))
                        .count(),
                read.abandonedToday() instanceof Result.Ok<Integer> ok ? Optional.of(ok.value()) : Optional.empty());
    }

    private static FleetLine.Bundles bundles(Optional<Release> release) {
        return new FleetLine.Bundles(
                release.flatMap(Release::current).map(BundleId::brief),
                release.flatMap(Release::lastGood).map(BundleId::brief),
                release.map(r -> r.quarantined().size()).orElse(0),
                release.map(FleetLines::breaker).orElse("unknown"));
    }

    /** Whether it is held at a gate. */
    public static boolean waits(Groups.Member member) {
        return Lifecycle.of(member.state()).gate().isPresent();
    }

    private static String mode(Fleets.View view) {
        Policy.Mode mode = view.fleet().policy().mode();
        return mode == Policy.Mode.UNKNOWN ? "broken" : mode.name().toLowerCase(Locale.ROOT);
    }

    private static String breaker(Release release) {
        if (release.suspension() != Suspension.NONE) {
            return "suspended";
        }
        return release.current().isPresent() && release.launchable().isEmpty() ? "open" : "closed";
    }

    private static Optional<Deadline> oldest(Read read, Optional<Fleets.View> view) {
        return read.stays().values().stream()
                .flatMap(result -> value(result).stream())
                .filter(Stay::isOpen)
                .map(Stay::openedAt)
                .min(Comparator.naturalOrder())
                .flatMap(opened -> view.map(
                        v -> new Deadline(opened, opened.plus(v.fleet().policy().launchDeadline()))));
    }

    private static List<String> troubles(Read read, Optional<Fleets.View> view) {
        List<String> troubles = new ArrayList<>();
        error(read.view()).ifPresent(troubles::add);
        error(read.members()).ifPresent(troubles::add);
        error(read.launchSuspended()).ifPresent(troubles::add);
        error(read.abandonedToday()).ifPresent(troubles::add);
        read.stays().values().stream()
                .flatMap(result -> error(result).stream())
                .distinct()
                .forEach(troubles::add);
        view.flatMap(Fleets.View::trouble).ifPresent(trouble -> troubles.add(trouble.message()));
        view.map(Fleets.View::release)
                .filter(release -> release.suspension() != Suspension.NONE)
                .ifPresent(release -> troubles.add("Gantry has suspended its launches: "
                        + release.breaker().suspendedFor().orElse("no reason was kept")));
        if (read.members() instanceof Result.Ok<Optional<List<Groups.Member>>> ok
                && ok.value().isEmpty()) {
            troubles.add("there is no Auto Scaling group of this name in this account and Region");
        }
        return troubles;
    }

    private static <T> Optional<T> value(Result<Optional<T>> result) {
        return result instanceof Result.Ok<Optional<T>> ok ? ok.value() : Optional.empty();
    }

    private static Optional<String> error(Result<?> result) {
        return result instanceof Result.Err<?> err ? Optional.of(Errors.words(err.error())) : Optional.empty();
    }
}
