package dev.gantry.operator;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * What Gantry would decide about an instance if it looked now: the stay as its description and its run's end show it, and the
 * decision of the table that the functions use. Nothing is written.
 *
 * @param stay empty if there is none, or if the description may be older than the ledger's record
 * @param decision empty where too little is known for one: no group, no settings, or a ledger that could not be read
 */
record Belief(Lifecycle lifecycle, Optional<Stay> stay, Optional<Decision> decision) {

    static Belief of(Evidence seen) {
        Optional<Groups.Member> member = seen.member();
        Lifecycle lifecycle =
                member.map(Groups.Member::state).map(Lifecycle::of).orElse(Lifecycle.LEAVING);
        Optional<Stay> stay = learned(seen, member.isPresent() ? believed(seen, member.get(), lifecycle) : gone(seen));
        boolean isReadable = member.isPresent() && seen.gantry().stay() instanceof Result.Ok<Optional<Stay>>;
        Optional<Decision> decision =
                isReadable ? seen.view().flatMap(view -> decision(seen, view, lifecycle, stay)) : Optional.empty();
        // A stay that Gantry would open now is no record yet.
        return new Belief(lifecycle, seen.stored().flatMap(stored -> stay), decision);
    }

    /** If Systems Manager was not read, a decision is known only if its answer would not matter. */
    private static Optional<Decision> decision(
            Evidence seen, Fleets.View view, Lifecycle lifecycle, Optional<Stay> stay) {
        Optional<Trouble> trouble = view.trouble().or(() -> stay.flatMap(Belief::troubleAtTheLastLook));
        Function<Agent, Decision> decide = agent -> DecisionTable.decide(new Observation(
                seen.now(),
                new Observation.Terms(view.fleet(), view.release(), seen.takeover()),
                lifecycle,
                stay,
                agent,
                Optional.empty(),
                trouble));
        if (seen.systemsManager().agent() instanceof Result.Ok<Optional<Agent>> ok) {
            return Optional.of(decide.apply(ok.value().orElse(Agent.ABSENT)));
        }
        Decision absent = decide.apply(Agent.ABSENT);
        Decision present = decide.apply(new Agent(true, Optional.of(seen.now())));
        return absent.equals(present) ? Optional.of(absent) : Optional.empty();
    }

    /**
     * What kept the functions from the run when they looked last, at most a minute ago: the operator may be permitted what they
     * are not. A refusal is no trouble of the next look, which runs again.
     */
    private static Optional<Trouble> troubleAtTheLastLook(Stay stay) {
        return stay.trouble().filter(trouble -> stay.lastRefusal().isEmpty());
    }

    /** Without a description, all that is known about an open stay is that the instance is no longer in a group. */
    private static Optional<Stay> gone(Evidence seen) {
        boolean isKnownAbsent = seen.autoScaling().member() instanceof Result.Ok<Optional<Groups.Member>>;
        return isKnownAbsent ? seen.stored().map(stay -> stay.gone("is in no group", seen.now())) : seen.stored();
    }

    private static Optional<Stay> believed(Evidence seen, Groups.Member member, Lifecycle lifecycle) {
        Instant now = seen.now();
        String words = "was seen " + member.state();
        return switch (lifecycle) {
            case AT_WARM_GATE, AT_SERVICE_GATE -> Stay.current(
                    seen.stored(), lifecycle.gate().orElseThrow(), now, Optional.empty(), now);
            case IN_SERVICE, AWAY -> seen.stored().map(stay -> stay.isYoung(now) ? stay : stay.passed(words, now));
            case LEAVING -> seen.stored().map(stay -> stay.gone(words, now));
            case ARRIVING, UNKNOWN -> seen.stored();
        };
    }

    private static Optional<Stay> learned(Evidence seen, Optional<Stay> stay) {
        return seen.progress()
                .filter(Progress.Ended.class::isInstance)
                .map(progress -> ((Progress.Ended) progress).verdict())
                .flatMap(verdict -> stay.flatMap(s -> s.lastAttempt()
                        .filter(attempt -> attempt.isUnderWay())
                        .map(attempt -> s.with(attempt.ended(seen.now(), verdict)))))
                .or(() -> stay);
    }
}
