package dev.gantry.operator;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that was read about one instance. Each part comes from a call of its own, so a refused call does not affect the
 * others.
 *
 * @param takeover how old a claim must be before another worker may act on it: the function's timeout and 60 s
 */
public record Evidence(
        InstanceId instance,
        Instant now,
        Duration takeover,
        Place place,
        FromAutoScaling autoScaling,
        FromGantry gantry,
        FromSystemsManager systemsManager) {

    /**
     * What Auto Scaling says.
     *
     * @param member empty where the instance is in no group of this account and Region
     * @param activities those that name the instance, oldest first
     * @param launchHooks the names of the group's launch hooks
     */
    public record FromAutoScaling(
            Result<Optional<Groups.Member>> member,
            Result<List<Activity>> activities,
            Result<List<String>> launchHooks) {}

    /**
     * What Gantry's bucket says.
     *
     * @param fleet the instance's group, or the fleet whose ledger knows the instance
     * @param view empty where the group has no settings
     * @param stay the newest one of the ledger, as stored
     */
    public record FromGantry(
            Optional<FleetName> fleet, Result<Optional<Fleets.View>> view, Result<Optional<Stay>> stay) {}

    /**
     * What Systems Manager says.
     *
     * @param agent empty where it never registered
     * @param progress of the run that is under way; empty where none is, or where nothing is known of its command
     * @param phases what the hardened document measured of runs that ended, by command id, where that was asked
     */
    public record FromSystemsManager(
            Result<Optional<Agent>> agent,
            Result<Optional<Commands.Progress>> progress,
            Map<String, Map<String, Duration>> phases) {
        /** Where nothing was asked about phases. */
        public FromSystemsManager(Result<Optional<Agent>> agent, Result<Optional<Commands.Progress>> progress) {
            this(agent, progress, Map.of());
        }
    }

    Optional<Groups.Member> member() {
        return known(autoScaling.member());
    }

    Optional<Fleets.View> view() {
        return known(gantry.view());
    }

    Optional<Stay> stored() {
        return known(gantry.stay());
    }

    Optional<Agent> agent() {
        return known(systemsManager.agent());
    }

    Optional<Commands.Progress> progress() {
        return known(systemsManager.progress());
    }

    List<Activity> activities() {
        return autoScaling.activities() instanceof Result.Ok<List<Activity>> ok ? ok.value() : List.of();
    }

    /** Whether no call failed. */
    public boolean isWhole() {
        return unread().isEmpty();
    }

    /** The calls that failed, each with what it was about, why, and what to do. */
    List<String> unread() {
        return Stream.of(
                        autoScaling.member(),
                        autoScaling.activities(),
                        autoScaling.launchHooks(),
                        gantry.view(),
                        gantry.stay(),
                        systemsManager.agent(),
                        systemsManager.progress())
                .filter(Result.Err.class::isInstance)
                .map(failed -> Errors.words(((Result.Err<?>) failed).error()))
                .distinct()
                .toList();
    }

    /** The runs of the newest stay that ended and whose command is known, oldest first. */
    public List<Attempt> endedRuns() {
        return stored().map(Stay::attempts).orElse(List.of()).stream()
                .filter(attempt -> !attempt.isUnderWay() && attempt.commandId().isPresent())
                .toList();
    }

    /** Whether the fleet's document measures its phases. */
    public boolean isMeasured() {
        return view().filter(view -> Document.isHardened(view.fleet().document().name()))
                .isPresent();
    }

    /** The same with what the hardened document measured, by command id. */
    public Evidence with(Map<String, Map<String, Duration>> phases) {
        return new Evidence(
                instance,
                now,
                takeover,
                place,
                autoScaling,
                gantry,
                new FromSystemsManager(systemsManager.agent(), systemsManager.progress(), phases));
    }

    private static <T> Optional<T> known(Result<Optional<T>> result) {
        return result instanceof Result.Ok<Optional<T>> ok ? ok.value() : Optional.empty();
    }
}
