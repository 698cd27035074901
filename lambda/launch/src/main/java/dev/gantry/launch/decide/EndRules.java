package dev.gantry.launch.decide;

import static dev.gantry.launch.stay.Cause.BUNDLE_QUARANTINED;
import static dev.gantry.launch.stay.Cause.LAUNCH_DEADLINE;
import static dev.gantry.launch.stay.Cause.RUN_FAILED;

import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.time.Instant;
import java.util.Optional;

/** Rules that end an open stay: it proceeds, or it is abandoned, perhaps after a hold. */
final class EndRules {
    private EndRules() {}

    static Optional<Decision> observed(AtGate at) {
        return at.policy().mode() == Policy.Mode.OBSERVE
                ? Optional.of(
                        new Proceed(Closing.Kind.OBSERVED, "observe mode; Gantry would have: " + whatItWouldDo(at)))
                : Optional.empty();
    }

    private static String whatItWouldDo(AtGate at) {
        return at.o()
                .release()
                .launchable()
                .map(bundle ->
                        "run bundle " + bundle.brief() + (at.isAgentReachable() ? "" : " once the agent is online"))
                .orElse("waited for a bundle to be published");
    }

    static Optional<Decision> provisioned(AtGate at) {
        return at.goodRun()
                .map(run -> new Proceed(
                        Closing.Kind.PROVISIONED,
                        "run " + run.number() + " applied bundle "
                                + run.bundle().brief() + " (" + run.runId() + ")"));
    }

    static Optional<Decision> quarantined(AtGate at) {
        return at.startedQuarantined().map(bundle -> quarantined(at, bundle));
    }

    private static Decision quarantined(AtGate at, BundleId bundle) {
        return new Abandon(
                BUNDLE_QUARANTINED,
                lastFailure(at),
                "bundle " + bundle.brief() + " was quarantined after its run began");
    }

    static Optional<Decision> failed(AtGate at) {
        return at.stay()
                .lastFailed()
                .filter(run -> at.stay().failures() >= at.policy().attempts())
                .map(run -> failed(at, run));
    }

    private static Decision failed(AtGate at, Attempt last) {
        Failure failure = last.failure().orElseThrow();
        String why = "run " + last.number() + " of bundle " + last.bundle().brief() + " failed: " + failure.summary();
        return holdFirst(at, last.end().orElseThrow().at(), new Abandon(RUN_FAILED, last.failure(), why));
    }

    static Optional<Decision> late(AtGate at) {
        if (!at.isPastDeadline() || at.hasAnotherChance()) {
            return Optional.empty();
        }
        String why = "the launch deadline of " + at.policy().launchDeadline().toSeconds() + " s has passed: "
                + whatItWaitedFor(at);
        return Optional.of(holdFirst(at, at.deadline(), new Abandon(LAUNCH_DEADLINE, lastFailure(at), why)));
    }

    private static Optional<Failure> lastFailure(AtGate at) {
        return at.stay().lastFailed().flatMap(Attempt::failure);
    }

    private static Decision holdFirst(AtGate at, Instant from, Abandon abandon) {
        Instant until = from.plus(at.policy().hold());
        return at.now().isBefore(until) ? new Hold(until, abandon.why()) : abandon;
    }

    private static String whatItWaitedFor(AtGate at) {
        Optional<Attempt> running = at.last().filter(Attempt::isUnderWay);
        if (running.isPresent()) {
            return notEnded(at, running.get());
        }
        return at.o()
                .trouble()
                .or(at.stay()::trouble)
                .map(Trouble::message)
                .or(() -> at.last().flatMap(Attempt::end).map(end -> ended(end.verdict())))
                .orElse(at.isAgentReachable() ? "no run was begun" : "the SSM agent never registered");
    }

    private static String notEnded(AtGate at, Attempt run) {
        Optional<Trouble> noted = run.isOverTheBastion() ? at.stay().trouble() : Optional.empty();
        return "run " + run.number() + " (" + run.runId() + ") has not ended"
                + at.o()
                        .trouble()
                        .or(() -> noted)
                        .map(trouble -> "; " + trouble.message())
                        .orElse("");
    }

    private static String ended(Verdict verdict) {
        if (verdict instanceof Verdict.RunFailed failed) {
            return "the last run failed: " + failed.failure().summary();
        } else if (verdict instanceof Verdict.Refused refused) {
            return "the last run was refused: " + refused.detail();
        } else if (verdict instanceof Verdict.Undelivered undelivered) {
            return "the last run never got to its end: " + undelivered.detail();
        }
        return "the last run's bundle is quarantined";
    }
}
