package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Groups.ActionResult;
import dev.gantry.launch.port.Groups.Ending;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Completes the hooks of stays whose end is in the ledger. A completion names its own action: by the token where an event brought
 * it, otherwise by the instance right after a fresh description, because AWS then takes whichever action is active.
 */
final class Completions {
    /** After this many refused completions in a row, most likely by throttling, the rest of the batch waits for the next look. */
    private static final int MAX_REFUSALS_IN_A_ROW = 3;

    /** A completion by instance follows its description within this time; after it, the rest is described again. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Groups groups;
    private final LedgerWriter ledger;
    private final InstantSource clock;

    Completions(Groups groups, LedgerWriter ledger, InstantSource clock) {
        this.groups = groups;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** A description of some instances by Auto Scaling, with its time. */
    private record Described(Map<InstanceId, Member> members, Instant at) {
        static final Described NOTHING = new Described(Map.of(), Instant.MIN);

        Optional<Lifecycle> lifecycle(ObservedInstance c) {
            return Optional.ofNullable(members.get(c.instance()))
                    .map(Member::state)
                    .map(Lifecycle::of);
        }

        /** Whether the instance is gone, beyond the gate, or at the next one. */
        boolean showsTheEndOf(ObservedInstance c) {
            boolean isYoung = c.stay().isYoung(at);
            Optional<Lifecycle> lifecycle = lifecycle(c);
            boolean isGone = lifecycle.map(Lifecycle.LEAVING::equals).orElse(!isYoung);
            boolean isBeyond = lifecycle.filter(Lifecycle::hasPassed).isPresent() && !isYoung;
            boolean wentOn = c.stay().gate() == Gate.WARM && lifecycle.equals(Optional.of(Lifecycle.AT_SERVICE_GATE));
            return isGone || isBeyond || wentOn;
        }

        boolean isStillAtItsGate(ObservedInstance c) {
            return c.isAtItsGate(Optional.ofNullable(members.get(c.instance())));
        }
    }

    /**
     * Completes each, or learns that it is complete.
     *
     * @param firstTries the instances whose completion was not tried before: what ended their action was not Gantry
     * @return those that are over, with the time of their end
     */
    Acted complete(FleetFacts facts, List<ObservedInstance> intended, Set<InstanceId> firstTries) {
        Tries tries = tryEach(facts, intended);
        Instant now = clock.instant();
        return Acted.none(tries.failed())
                .then(Acted.on(tries.accepted().stream().map(c -> done(c, now)).toList()))
                .then(settle(facts, tries.unclear(), firstTries));
    }

    /** What AWS answered to the completions. */
    private record Tries(List<ObservedInstance> accepted, List<ObservedInstance> unclear, Outcomes failed) {}

    private Tries tryEach(FleetFacts facts, List<ObservedInstance> intended) {
        List<ObservedInstance> accepted = new ArrayList<>();
        List<ObservedInstance> unclear = new ArrayList<>();
        Outcomes failed = Outcomes.NONE;
        Described described = Described.NOTHING;
        int refused = 0;
        for (int n = 0; n < intended.size(); n++) {
            ObservedInstance c = intended.get(n);
            if (refused == MAX_REFUSALS_IN_A_ROW || facts.limit().isOver(clock.instant())) {
                failed = failed.then(Outcomes.failed(c, Outcomes.outOfTimeError()));
                continue;
            }
            try {
                if (c.stay().token().isEmpty()) {
                    described = fresh(described, intended.subList(n, intended.size()));
                }
                boolean mayComplete = c.stay().token().isPresent() || described.isStillAtItsGate(c);
                (mayComplete && complete(facts, c) == ActionResult.ACCEPTED ? accepted : unclear).add(c);
                refused = 0;
            } catch (GantryException e) {
                failed = failed.then(Outcomes.failed(c, e));
                refused++;
            }
        }
        return new Tries(accepted, unclear, failed);
    }

    private Described fresh(Described last, List<ObservedInstance> left) {
        Instant now = clock.instant();
        return last.at().plus(FRESH).isAfter(now)
                ? last
                : describe(left.stream().filter(c -> c.stay().token().isEmpty()).toList());
    }

    private Described describe(List<ObservedInstance> cases) {
        Instant asked = clock.instant();
        return new Described(
                groups.describe(cases.stream().map(ObservedInstance::instance).collect(Collectors.toSet())), asked);
    }

    private ActionResult complete(FleetFacts facts, ObservedInstance c) {
        Ending ending = isAbandoned(c) ? Ending.ABANDON : Ending.CONTINUE;
        return groups.complete(
                facts.name(), facts.fleet().hook(), c.instance(), c.stay().token(), ending);
    }

    /** "No active Lifecycle Action", or not where it was: final where the state is no longer ours. */
    private Acted settle(FleetFacts facts, List<ObservedInstance> unclear, Set<InstanceId> firstTries) {
        if (unclear.isEmpty()) {
            return Acted.NOTHING;
        }
        Acted settled = Acted.NOTHING;
        try {
            Described now = describe(unclear);
            for (ObservedInstance c : unclear) {
                settled = settled.then(settle(facts, c, now, firstTries.contains(c.instance())));
            }
        } catch (GantryException e) {
            for (ObservedInstance c : unclear) {
                settled = settled.then(Acted.none(Outcomes.failed(c.instance(), e)));
            }
        }
        return settled;
    }

    private Acted settle(FleetFacts facts, ObservedInstance c, Described described, boolean isFirstTry) {
        boolean isYoung = c.stay().isYoung(described.at());
        if (described.showsTheEndOf(c)) {
            return Acted.on(done(c, clock.instant()));
        } else if (!described.isStillAtItsGate(c)) {
            return wait(c, Reason.STATE, "the instance is described as it was before, or elsewhere");
        } else if (c.stay().token().isPresent()) {
            // The token was another wait's. If the write fails, the next look tries again.
            ledger.store(facts.name(), List.of(c.with(c.stay().withoutToken())));
            return wait(c, Reason.HOOK, "the hook has no active action of this token, yet the instance waits");
        } else if (isFirstTry && !isYoung && facts.isHookKnown()) {
            return Acted.on(elsewhere(c, clock.instant()));
        } else if (!isAbandoned(c) && !isYoung && facts.isHookKnown()) {
            return Acted.on(done(c, clock.instant()));
        }
        return wait(c, Reason.HOOK, "the hook has no active action, yet the instance still waits");
    }

    private static Acted wait(ObservedInstance c, Reason reason, String why) {
        return Acted.none(Outcomes.wait(c.instance(), reason, why));
    }

    /** An abandonment that AWS accepted ends the instance, whatever else holds it: a description that shows it waiting is late. */
    private static boolean isAbandoned(ObservedInstance c) {
        return c.stay().closing().orElseThrow().kind() == Closing.Kind.ABANDONED;
    }

    private static ObservedInstance done(ObservedInstance c, Instant now) {
        return c.with(c.stay().withClosing(c.stay().closing().orElseThrow().done(now)));
    }

    private static ObservedInstance elsewhere(ObservedInstance c, Instant now) {
        Stay stay = c.stay();
        return c.with(stay.withClosing(Closing.elsewhere(
                "the hook's action was completed or expired without Gantry, while another hook held the instance; Gantry"
                        + " had decided: " + stay.closing().orElseThrow().why(),
                now)));
    }
}
