package dev.gantry.operator;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.Explanation.Standing;
import dev.gantry.stored.ObjectKeys;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Why there is no record of an instance. */
final class NeverSeen {
    /** An event takes seconds, the sweep comes each minute: after this time Gantry itself may be broken. */
    static final Duration LOOKED_BY = Duration.ofMinutes(3);

    private NeverSeen() {}

    static Standing standing(Evidence seen, Belief belief) {
        Optional<String> decision = belief.decision().map(Decisions::name);
        if (seen.gantry().fleet().isEmpty() && seen.gantry().stay() instanceof Result.Err<Optional<Stay>>) {
            return new Standing(Mood.UNKNOWN, "could not be looked up", decision, "see what could not be read");
        } else if (seen.gantry().stay() instanceof Result.Err<Optional<Stay>>) {
            return new Standing(
                    Mood.UNKNOWN, "has a record that could not be read", decision, "see what could not be read");
        } else if (seen.autoScaling().member() instanceof Result.Err<Optional<Groups.Member>>) {
            return new Standing(
                    Mood.UNKNOWN,
                    "has no record in Gantry's ledger, and Auto Scaling could not be asked",
                    decision,
                    "see what could not be read");
        } else if (seen.member().isEmpty()) {
            return new Standing(
                    Mood.UNKNOWN,
                    "is in no Auto Scaling group of this account and Region",
                    decision,
                    "it was launched by hand, or is of another account or Region than "
                            + seen.place().region() + ", or left its group without ever being held by Gantry");
        } else if (seen.gantry().view() instanceof Result.Err<Optional<Fleets.View>>) {
            return new Standing(
                    Mood.UNKNOWN,
                    "is of a fleet whose settings could not be read",
                    decision,
                    "see what could not be read");
        } else if (seen.view().isEmpty()) {
            String group = seen.member().orElseThrow().group().value();
            return new Standing(
                    Mood.UNKNOWN,
                    "is not in Gantry's care",
                    decision,
                    "its group " + group + " is no fleet: there are no settings at "
                            + seen.place()
                                    .object(ObjectKeys.settings(
                                            seen.member().get().group())));
        }
        return ofFleet(seen, belief, decision);
    }

    private static Standing ofFleet(Evidence seen, Belief belief, Optional<String> decision) {
        Fleet fleet = seen.view().orElseThrow().fleet();
        if (isWithoutHook(seen)) {
            return new Standing(
                    Mood.BAD,
                    "was never held by Gantry",
                    decision,
                    "group " + fleet.name() + " has no launch hook named " + fleet.hook()
                            + ", so Auto Scaling lets its instances pass without asking");
        }
        return switch (belief.lifecycle()) {
            case IN_SERVICE, AWAY -> new Standing(
                    Mood.UNKNOWN,
                    "went into service without Gantry",
                    decision,
                    "it was launched before the hook " + fleet.hook()
                            + " was there, or while it was bypassed, or its record was removed from the ledger");
            case LEAVING -> new Standing(
                    Mood.UNKNOWN,
                    "leaves its group, and Gantry has no record of it",
                    decision,
                    "it left before Gantry looked, or it was launched before the hook was there");
            default -> waiting(seen, decision);
        };
    }

    private static Standing waiting(Evidence seen, Optional<String> decision) {
        return isLate(seen)
                ? new Standing(
                        Mood.BAD,
                        "waits, and Gantry has not looked at it",
                        decision,
                        "it was launched over " + LOOKED_BY.toMinutes()
                                + " minutes ago; an event takes seconds and the sweep a minute, so Gantry itself is"
                                + " down")
                : new Standing(
                        Mood.WAITING,
                        "was launched just now",
                        decision,
                        "Gantry has not looked at it yet: the launch event takes seconds, the sweep at most a minute");
    }

    /** Whether the fleet's own hook is certainly not on its group. */
    static boolean isWithoutHook(Evidence seen) {
        return seen.autoScaling().launchHooks() instanceof Result.Ok<List<String>> hooks
                && seen.view()
                        .filter(view -> !hooks.value().contains(view.fleet().hook()))
                        .isPresent();
    }

    /** Whether an instance without a record waits for longer than a working Gantry lets it. */
    static boolean isOverlooked(Evidence seen, Belief belief) {
        return !belief.lifecycle().hasPassed() && belief.lifecycle() != Lifecycle.LEAVING && isLate(seen);
    }

    private static boolean isLate(Evidence seen) {
        return seen.activities().stream()
                .filter(Activity::isLaunch)
                .findFirst()
                .filter(launch -> launch.startedAt().plus(LOOKED_BY).isBefore(seen.now()))
                .isPresent();
    }
}
