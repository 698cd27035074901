package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Groups.Answer;
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
    /** After so many completions in a row that were refused, throttled most likely, the rest of the batch waits its turn. */
    private static final int MAX_REFUSALS_IN_A_ROW = 3;

    /** A completion by instance follows its description within this time; later the rest is described anew. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Groups groups;
    private final InstantSource clock;

    Completions(Groups groups, InstantSource clock) {
        this.groups = groups;
        this.clock = clock;
    }

    /** What Auto Scaling said of some instances when it was asked. */
    private record Described(Map<InstanceId, Member> members, Instant at) {
        static final Described NOTHING = new Described(Map.of(), Instant.MIN);

        Optional<Lifecycle> lifecycle(Case c) {
            return Optional.ofNullable(members.get(c.instance()))
                    .map(Member::state)
                    .map(Lifecycle::of);
        }

        boolean isStillAtItsGate(Case c) {
            return lifecycle(c)
                    .flatMap(Lifecycle::gate)
                    .equals(Optional.of(c.stay().gate()));
        }
    }

    /**
     * Completes each, or learns that it is complete.
     *
     * @param firstTries the instances whose completion was not tried before: what ended their action was not Gantry
     * @return those that are over, with the time of their end; what becomes of the others is in the pass
     */
    List<Case> complete(Pass pass, List<Case> intended, Set<InstanceId> firstTries) {
        List<Case> accepted = new ArrayList<>();
        List<Case> unclear = new ArrayList<>();
        Described described = Described.NOTHING;
        int refused = 0;
        for (int n = 0; n < intended.size(); n++) {
            Case c = intended.get(n);
            if (refused == MAX_REFUSALS_IN_A_ROW || pass.isOver(clock.instant())) {
                pass.failed(c, Pass.outOfTime());
                continue;
            }
            try {
                if (c.stay().token().isEmpty()) {
                    described = fresh(described, intended.subList(n, intended.size()));
                }
                boolean mayComplete = c.stay().token().isPresent() || described.isStillAtItsGate(c);
                (mayComplete && complete(pass, c) == Answer.ACCEPTED ? accepted : unclear).add(c);
                refused = 0;
            } catch (GantryException e) {
                pass.failed(c, e);
                refused++;
            }
        }
        Instant now = clock.instant();
        List<Case> closed = new ArrayList<>();
        accepted.forEach(c -> closed.add(done(c, now)));
        closed.addAll(settle(pass, unclear, firstTries));
        return closed;
    }

    private Described fresh(Described last, List<Case> left) {
        Instant now = clock.instant();
        return last.at().plus(FRESH).isAfter(now)
                ? last
                : describe(left.stream().filter(c -> c.stay().token().isEmpty()).toList());
    }

    private Described describe(List<Case> cases) {
        Instant asked = clock.instant();
        return new Described(groups.describe(cases.stream().map(Case::instance).collect(Collectors.toSet())), asked);
    }

    private Answer complete(Pass pass, Case c) {
        boolean proceed = c.stay().closing().orElseThrow().kind() != Closing.Kind.ABANDONED;
        return groups.complete(
                pass.fleet().name(), pass.fleet().hook(), c.instance(), c.stay().token(), proceed);
    }

    /** "No active Lifecycle Action", or not where it was: final where the state is no longer ours. */
    private List<Case> settle(Pass pass, List<Case> unclear, Set<InstanceId> firstTries) {
        if (unclear.isEmpty()) {
            return List.of();
        }
        try {
            Described now = describe(unclear);
            return unclear.stream()
                    .flatMap(c -> settle(pass, c, now, firstTries.contains(c.instance())).stream())
                    .toList();
        } catch (GantryException e) {
            unclear.forEach(c -> pass.failed(c.instance(), e));
            return List.of();
        }
    }

    private Optional<Case> settle(Pass pass, Case c, Described described, boolean isFirstTry) {
        boolean isYoung = c.stay().isYoung(described.at());
        Optional<Lifecycle> lifecycle = described.lifecycle(c);
        boolean isGone = lifecycle.map(Lifecycle.LEAVING::equals).orElse(!isYoung);
        boolean isBeyond = lifecycle.equals(Optional.of(Lifecycle.PASSED)) && !isYoung;
        boolean wentOn = c.stay().gate() == Gate.WARM && lifecycle.equals(Optional.of(Lifecycle.AT_SERVICE_GATE));
        if (isGone || isBeyond || wentOn) {
            return Optional.of(done(c, clock.instant()));
        } else if (!described.isStillAtItsGate(c)) {
            return wait(pass, c, Reason.STATE, "the instance is described as it was before, or elsewhere");
        } else if (c.stay().token().isPresent()) {
            pass.store(List.of(c.with(c.stay().withoutToken())));
            return wait(pass, c, Reason.HOOK, "the hook has no active action of this token, yet the instance waits");
        } else if (isFirstTry && !isYoung && isOurHook(pass)) {
            return Optional.of(elsewhere(c, clock.instant()));
        } else if (!isAbandoned(c) && !isYoung && isOurHook(pass)) {
            return Optional.of(done(c, clock.instant()));
        }
        return wait(pass, c, Reason.HOOK, "the hook has no active action, yet the instance still waits");
    }

    /** Without settings the hook's name is a guess: that it has no action says nothing about the real one. */
    private static boolean isOurHook(Pass pass) {
        return pass.fleet().policy().mode() != Policy.Mode.UNKNOWN;
    }

    private static Optional<Case> wait(Pass pass, Case c, Reason reason, String why) {
        pass.decided(c.instance(), new Decision.Wait(reason, Optional.of(DecisionTable.AGENT_LOOK), why));
        return Optional.empty();
    }

    /** One that AWS accepted ends the instance, whoever else holds it: the description that shows it waiting is late. */
    private static boolean isAbandoned(Case c) {
        return c.stay().closing().orElseThrow().kind() == Closing.Kind.ABANDONED;
    }

    private static Case done(Case c, Instant now) {
        return c.with(c.stay().withClosing(c.stay().closing().orElseThrow().done(now)));
    }

    private static Case elsewhere(Case c, Instant now) {
        Stay stay = c.stay();
        return c.with(stay.withClosing(Closing.elsewhere(
                "the hook's action was completed or expired without Gantry, while another hook held the instance; Gantry"
                        + " had decided: " + stay.closing().orElseThrow().why(),
                now)));
    }
}
