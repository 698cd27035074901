package dev.gantry.launch.decide;

import static dev.gantry.launch.stay.Cause.BUNDLE_QUARANTINED;
import static dev.gantry.launch.stay.Cause.LAUNCH_DEADLINE;
import static dev.gantry.launch.stay.Cause.RUN_FAILED;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * From an observation to exactly one decision. Pure: no clock, no I/O. Read {@link #decide} and {@link #atTheGate} as a
 * table, from the top; the first row that fits decides.
 */
public final class DecisionTable {
    /** The first look at an absent agent comes this soon again; the handler lets it grow to 30 s. */
    public static final Duration AGENT_LOOK = Duration.ofSeconds(5);

    /** Somebody has to repair something: the launch message looks this often whether he has. */
    public static final Duration MISTAKE_LOOK = Duration.ofSeconds(30);

    private DecisionTable() {}

    /** The decision about one instance now. */
    public static Decision decide(Observation o) {
        return switch (o.lifecycle()) {
            case ARRIVING -> wait(Reason.HOOK, AGENT_LOOK, "the lifecycle hook does not hold the instance yet");
            case UNKNOWN -> wait(Reason.STATE, AGENT_LOOK, "the instance is in a state that Gantry does not know");
            case PASSED -> passed(o);
            case LEAVING -> new Ignore("the instance is leaving the group");
            case AT_WARM_GATE, AT_SERVICE_GATE -> o.stay()
                    .map(stay -> atTheGate(o, stay))
                    .orElseGet(
                            () -> wait(
                                    Reason.STATE,
                                    AGENT_LOOK,
                                    "the instance is described at a gate, and its record is newer than the description may be"));
        };
    }

    /** Of a young stay the description may be from before its wait; any other one's end is known by now. */
    private static Decision passed(Observation o) {
        return o.stay().filter(stay -> stay.closedAt().isEmpty()).isPresent()
                ? wait(Reason.STATE, AGENT_LOOK, "the instance is described beyond the gate, perhaps as it was before")
                : new Ignore("the instance has passed the gate");
    }

    private static Decision atTheGate(Observation o, Stay stay) {
        Instant deadline = stay.openedAt().plus(policy(o).launchDeadline());
        Optional<Attempt> last = stay.lastAttempt();
        if (stay.closedAt().isPresent()) {
            return new Ignore("this stay is closed; another hook may still hold the instance");
        } else if (isLetGo(stay) && renewalIsDue(o, stay) && !isOverdue(o, stay)) {
            return new Extend("the completion has not been accepted for half of the hook's heartbeat");
        } else if (stay.mayBeCompleted(o.now(), o.takeover())) {
            return wait(
                    Reason.STATE,
                    AGENT_LOOK,
                    "the hook may be completed already, and without the action's token a second completion could meet the"
                            + " next gate");
        } else if (!stay.isOpen()) {
            return finish(stay.closing().orElseThrow());
        } else if (policy(o).mode() == Policy.Mode.OBSERVE) {
            return new Proceed(Closing.Kind.OBSERVED, "observe mode; Gantry would have: " + wouldDo(o, stay));
        } else if (goodRun(o, stay).isPresent()) {
            return proceed(goodRun(o, stay).get());
        } else if (policy(o).mode() == Policy.Mode.UNKNOWN) {
            return withoutSettings(o, stay, deadline);
        } else if (renewalIsDue(o, stay) && !isOverdue(o, stay)) {
            return new Extend("half of the hook's heartbeat has passed");
        } else if (startedQuarantined(o, stay).isPresent()) {
            return quarantined(stay, startedQuarantined(o, stay).get());
        } else if (stay.failures() >= policy(o).attempts()) {
            return failed(o, stay);
        } else if (!o.now().isBefore(deadline) && !hasAnotherChance(o, stay)) {
            return late(o, stay, deadline);
        } else if (FallingBack.due(o, stay).isPresent()) {
            return FallingBack.due(o, stay).get();
        } else if (last.filter(a -> a.isUnderWay() && !isInVain(o, a)).isPresent()) {
            return underWay(o, last.get());
        } else if (o.trouble().isPresent()) {
            return troubled(o.trouble().get());
        } else if (o.release().launchable().isEmpty()) {
            return misconfigured(o.release()
                    .current()
                    .map(bundle -> "the fleet's bundle " + bundle.brief() + " is quarantined: publish another one")
                    .orElse("the fleet has no bundle to apply: publish one"));
        } else if (!o.agent().isReachable(stay.earlierClosed())) {
            return agentAway(o, stay);
        } else if (backoffLeft(o, stay).isPresent()) {
            return betweenRuns(stay, backoffLeft(o, stay).get());
        } else {
            return run(stay, o.release().launchable().get(), Optional.empty());
        }
    }

    private static Policy policy(Observation o) {
        return o.fleet().policy();
    }

    /** A run of this stay that succeeded, of a bundle that has not been quarantined since. */
    private static Optional<Attempt> goodRun(Observation o, Stay stay) {
        return stay.attempts().stream()
                .filter(a -> a.succeeded() && !o.release().isQuarantined(a.bundle()))
                .findFirst();
    }

    private static boolean renewalIsDue(Observation o, Stay stay) {
        return stay.heartbeatAt()
                .filter(at -> o.now().isBefore(at.plus(policy(o).renewal())))
                .isEmpty();
    }

    /** Whether an end other than an abandonment is intended: should AWS not accept it for long, the heartbeat must not run out. */
    private static boolean isLetGo(Stay stay) {
        return stay.closing()
                .filter(end -> end.kind() != Closing.Kind.ABANDONED)
                .isPresent();
    }

    /** When nothing is kept alive any more: at the launch deadline, or after the hold that follows it. */
    private static Instant end(Observation o, Stay stay) {
        return stay.openedAt().plus(policy(o).launchDeadline()).plus(policy(o).hold());
    }

    private static Optional<Attempt> runSinceTheEnd(Observation o, Stay stay) {
        return stay.lastAttempt().filter(a -> !a.claimedAt().isBefore(end(o, stay)));
    }

    /** A failure that is learned of late is held for a look all the same, and kept alive for it. */
    private static boolean isOverdue(Observation o, Stay stay) {
        return !o.now().isBefore(end(o, stay))
                && runSinceTheEnd(o, stay).isEmpty()
                && stay.failures() < policy(o).attempts();
    }

    /**
     * Kept beyond its end, because nobody could read the settings that say when that is. Repairing them shall save it (rule
     * 2): one run may begin until the heartbeat would be renewed, and come to its end.
     */
    private static boolean hasAnotherChance(Observation o, Stay stay) {
        Optional<Attempt> run = runSinceTheEnd(o, stay);
        if (run.isPresent()) {
            return run.get().isUnderWay();
        }
        // A look that began before the end renews no later than this.
        Instant kept = end(o, stay).plus(o.takeover());
        Instant limit = stay.openedAt().plus(Policy.longestWait(policy(o).heartbeat()));
        Instant runEnds =
                o.now().plus(policy(o).deliveryTimeout()).plus(policy(o).runTimeout());
        return stay.heartbeatAt().filter(at -> !at.isBefore(kept)).isPresent()
                && !renewalIsDue(o, stay)
                && runEnds.isBefore(limit);
    }

    /** Where nothing can have begun, the good bundle can still be taken. */
    private static Optional<BundleId> startedQuarantined(Observation o, Stay stay) {
        return stay.attempts().stream()
                .filter(Attempt::mayHaveBegun)
                .map(Attempt::bundle)
                .filter(o.release()::isQuarantined)
                .findFirst();
    }

    /** A claim that was certainly never sent, of a bundle that may not be sent any more. */
    static boolean isInVain(Observation o, Attempt run) {
        return !run.mayHaveBegun() && run.absence().isProven() && o.release().isQuarantined(run.bundle());
    }

    static Optional<Duration> backoffLeft(Observation o, Stay stay) {
        return stay.lastAttempt()
                .flatMap(Attempt::end)
                .map(end -> end.at().plus(policy(o).backoffAfter(stay.attempts().size())))
                .filter(o.now()::isBefore)
                .map(until -> Duration.between(o.now(), until));
    }

    private static Decision finish(Closing closing) {
        return switch (closing.kind()) {
            case PROVISIONED, OBSERVED -> new Proceed(closing.kind(), closing.why());
            case ABANDONED -> new Abandon(closing.abandonedFor(), closing.failure(), closing.why());
            case ELSEWHERE -> new Ignore("the hook's action ended without Gantry: there is nothing to complete");
        };
    }

    private static Decision proceed(Attempt run) {
        return new Proceed(
                Closing.Kind.PROVISIONED,
                "run " + run.number() + " applied bundle " + run.bundle().brief() + " (" + run.runId() + ")");
    }

    /** Keeps the instance until the deadline, and afterwards leaves it to the hook's own default result. */
    private static Decision withoutSettings(Observation o, Stay stay, Instant deadline) {
        String wrong = o.trouble().map(Trouble::message).orElse("the fleet's settings are not known");
        if (!o.now().isBefore(deadline)) {
            return misconfigured(
                    "the launch deadline of " + policy(o).launchDeadline().toSeconds()
                            + " s has passed, so the heartbeat is not renewed any more and the hook's default_result decides: "
                            + wrong);
        } else if (renewalIsDue(o, stay)) {
            return new Extend("half of the shortest heartbeat that is kept alive without settings has passed");
        }
        Optional<Attempt> running = stay.lastAttempt().filter(a -> a.isUnderWay() && a.mayHaveBegun());
        return running.isPresent() ? underWay(o, running.get()) : misconfigured(wrong);
    }

    private static Decision quarantined(Stay stay, BundleId bundle) {
        return new Abandon(
                BUNDLE_QUARANTINED,
                failureOf(stay),
                "bundle " + bundle.brief() + " was quarantined after its run began");
    }

    private static Decision failed(Observation o, Stay stay) {
        Attempt last = stay.lastFailed().orElseThrow();
        return holdOr(
                o,
                last.end().orElseThrow().at(),
                new Abandon(
                        RUN_FAILED,
                        last.failure(),
                        "run " + last.number() + " of bundle " + last.bundle().brief() + " failed: "
                                + last.failure().orElseThrow().summary()));
    }

    private static Optional<Failure> failureOf(Stay stay) {
        return stay.lastFailed().flatMap(Attempt::failure);
    }

    private static Decision late(Observation o, Stay stay, Instant deadline) {
        String why = "the launch deadline of " + policy(o).launchDeadline().toSeconds() + " s has passed: ";
        return holdOr(o, deadline, new Abandon(LAUNCH_DEADLINE, failureOf(stay), why + wasWaitingFor(o, stay)));
    }

    private static String wasWaitingFor(Observation o, Stay stay) {
        Optional<Attempt> last = stay.lastAttempt();
        if (last.filter(Attempt::isUnderWay).isPresent()) {
            return "run " + last.get().number() + " (" + last.get().runId() + ") has not ended"
                    + o.trouble()
                            .or(() -> last.get().isOverTheBastion() ? stay.trouble() : Optional.empty())
                            .map(trouble -> "; " + trouble.message())
                            .orElse("");
        }
        return o.trouble()
                .or(stay::trouble)
                .map(Trouble::message)
                .or(() -> last.flatMap(Attempt::end).map(end -> ended(end.verdict())))
                .orElse(
                        o.agent().isReachable(stay.earlierClosed())
                                ? "no run was begun"
                                : "the SSM agent never registered");
    }

    private static String ended(Verdict verdict) {
        if (verdict instanceof Verdict.RunFailed failed) {
            return "the last run failed: " + failed.failure().summary();
        } else if (verdict instanceof Verdict.Refused refused) {
            return "the last run was refused: " + refused.detail();
        } else if (verdict instanceof Verdict.Undelivered undelivered) {
            return "the last run never got to its end: " + undelivered.detail();
        }
        return "the last run's bundle may not be used any more";
    }

    private static Decision holdOr(Observation o, Instant from, Decision.Abandon abandon) {
        Instant until = from.plus(policy(o).hold());
        return o.now().isBefore(until) ? new Hold(until, abandon.why()) : abandon;
    }

    private static Decision underWay(Observation o, Attempt run) {
        if (run.isOverTheBastion()) {
            return OverTheBastion.underWay(o, run);
        } else if (run.commandId().isPresent()) {
            return new Wait(Reason.RUN, Optional.empty(), "run " + run.number() + " is under way");
        } else if (run.absence().isProven()) {
            return new Run(
                    run.number(),
                    run.bundle(),
                    Optional.of(run.runId()),
                    "the first send was never accepted: " + run.runId());
        }
        Duration left = Duration.between(o.now(), run.claimedAt().plus(o.takeover()));
        return left.isNegative() || left.isZero()
                ? new Wait(
                        Reason.CLAIM, Optional.empty(), "looking for a command that may have been sent: " + run.runId())
                : new Wait(Reason.CLAIM, Optional.empty(), "another worker has claimed run " + run.number());
    }

    /** Until the agent's deadline, or the fallback's, the launch message looks for it; afterwards the sweep does. */
    private static Decision agentAway(Observation o, Stay stay) {
        Policy policy = policy(o);
        boolean mayFallBack = policy.fallback().isUsed() && !policy.fallback().isDue(stay.openedAt(), o.now());
        boolean isEarly = mayFallBack || o.now().isBefore(stay.openedAt().plus(policy.agentDeadline()));
        return new Wait(
                Reason.AGENT,
                isEarly ? Optional.of(AGENT_LOOK) : Optional.empty(),
                "the SSM agent has not registered yet");
    }

    /** Somebody has to repair what refused a run; whether he has, the next run shows. */
    private static Decision betweenRuns(Stay stay, Duration left) {
        return stay.lastRefusal()
                .map(refusal -> misconfigured("the run was refused on the instance: " + refusal.detail()))
                .orElseGet(() -> wait(Reason.BACKOFF, left, "the last run has ended; the next one waits"));
    }

    private static Decision troubled(Trouble trouble) {
        return trouble.kind() == Trouble.Kind.MISCONFIGURED
                ? misconfigured(trouble.message())
                : wait(Reason.RETRYABLE, AGENT_LOOK, trouble.message());
    }

    static Decision misconfigured(String why) {
        return wait(Reason.MISCONFIGURED, MISTAKE_LOOK, why);
    }

    private static Decision run(Stay stay, BundleId bundle, Optional<RunId> resend) {
        int number = nextNumber(stay);
        return new Run(number, bundle, resend, "the agent is online: run " + number + " of bundle " + bundle.brief());
    }

    static int nextNumber(Stay stay) {
        return stay.lastAttempt().map(Attempt::number).orElse(0) + 1;
    }

    static Wait wait(Reason reason, Duration lookAgain, String why) {
        return new Wait(reason, Optional.of(lookAgain), why);
    }

    private static String wouldDo(Observation o, Stay stay) {
        return o.release()
                .launchable()
                .map(bundle -> "run bundle " + bundle.brief()
                        + (o.agent().isReachable(stay.earlierClosed()) ? "" : " once the agent is online"))
                .orElse("waited for a bundle to be published");
    }
}
