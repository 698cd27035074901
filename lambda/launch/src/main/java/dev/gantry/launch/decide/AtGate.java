package dev.gantry.launch.decide;

import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** An instance at its gate: what was observed, and what follows from it for every rule. */
record AtGate(Observation o, Stay stay) {

    Policy policy() {
        return o.fleet().policy();
    }

    Instant now() {
        return o.now();
    }

    Optional<Attempt> last() {
        return stay.lastAttempt();
    }

    int nextNumber() {
        return last().map(Attempt::number).orElse(0) + 1;
    }

    boolean isAgentReachable() {
        return o.agent().isReachable(stay.earlierClosed());
    }

    Instant deadline() {
        return stay.openedAt().plus(policy().launchDeadline());
    }

    boolean isPastDeadline() {
        return !now().isBefore(deadline());
    }

    /** When the instance is no longer kept alive: at the launch deadline, after the hold that follows it, or as operators asked. */
    private Instant end() {
        Instant end = deadline().plus(policy().hold());
        return stay.intervention().until().filter(end::isBefore).orElse(end);
    }

    /** The hold of an operator's that lasts. */
    Optional<Intervention.Hold> held() {
        return stay.intervention().hold().filter(hold -> now().isBefore(hold.until()));
    }

    /** The run that an operator asked for, and that has not ended yet. */
    Optional<Intervention.Retry> retried() {
        return stay.intervention()
                .retry()
                .filter(retry -> now().isBefore(retry.until())
                        && stay.attempts().stream().noneMatch(run -> run.number() >= retry.run() && !run.isUnderWay()));
    }

    /** Whether it is no longer kept alive. A failure that is learned late is still held for inspection, and kept alive for that. */
    boolean isOverdue() {
        return !now().isBefore(end()) && runSinceTheEnd().isEmpty() && stay.failures() < policy().attempts();
    }

    boolean isRenewalDue() {
        return stay.heartbeatAt()
                .filter(at -> now().isBefore(at.plus(policy().renewal())))
                .isEmpty();
    }

    private Optional<Attempt> runSinceTheEnd() {
        return last().filter(run -> !isNeverToBeSent(run) && !run.claimedAt().isBefore(end()));
    }

    /**
     * Whether the instance was kept beyond its end because its settings could not be read. Repairing them must save it (rule 2
     * of docs/architecture.md): one run may begin until the heartbeat would be renewed, and may run to its end.
     */
    boolean hasAnotherChance() {
        Optional<Attempt> run = runSinceTheEnd();
        if (run.isPresent()) {
            return run.get().isUnderWay();
        }
        // A look that began before the end renews no later than this.
        Instant kept = end().plus(o.takeover());
        Instant limit = stay.openedAt().plus(Policy.longestWait(policy().heartbeat()));
        Instant runEnds = now().plus(policy().deliveryTimeout()).plus(policy().runTimeout());
        return stay.heartbeatAt().filter(at -> !at.isBefore(kept)).isPresent()
                && !isRenewalDue()
                && runEnds.isBefore(limit);
    }

    /** A run of this stay that succeeded, with a bundle that has not been quarantined since. */
    Optional<Attempt> goodRun() {
        return stay.attempts().stream()
                .filter(run -> run.succeeded() && !o.release().isQuarantined(run.bundle()))
                .findFirst();
    }

    /** The quarantined bundle of a run that may have begun. If no run can have begun, the good bundle can still be taken. */
    Optional<BundleId> startedQuarantined() {
        return stay.attempts().stream()
                .filter(Attempt::mayHaveBegun)
                .map(Attempt::bundle)
                .filter(o.release()::isQuarantined)
                .findFirst();
    }

    /** The run that is going on; not a claim that was certainly never sent and whose bundle is quarantined. */
    Optional<Attempt> running() {
        return last().filter(Attempt::isUnderWay).filter(run -> !isNeverToBeSent(run));
    }

    private boolean isNeverToBeSent(Attempt run) {
        return !run.mayHaveBegun() && run.absence().isProven() && o.release().isQuarantined(run.bundle());
    }

    /** How long the next run still has to wait after the last one's end; empty if it does not have to. */
    Optional<Duration> backoffLeft() {
        return last().flatMap(Attempt::end)
                .map(end -> end.at().plus(policy().backoffAfter(stay.attempts().size())))
                .filter(now()::isBefore)
                .map(until -> Duration.between(now(), until));
    }
}
