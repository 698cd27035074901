package dev.gantry.launch.stay;

import dev.gantry.launch.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One instance's time at one gate, as the ledger keeps it; the ledger holds an instance's newest stay.
 *
 * @param heartbeatAt a time at which the hook's heartbeat was certainly restarted; empty if none is known
 * @param attempts the claimed runs, oldest first
 * @param trouble what prevents the stay's run now
 * @param silence the looks in which Systems Manager did not answer, up to the last one; kept if the fleet has a fallback
 * @param intervention what operators asked for it
 * @param interruptedAt when EC2 said that it takes this Spot instance back
 * @param closing empty while it is open
 */
public record Stay(
        Opening opening,
        Optional<Instant> heartbeatAt,
        List<Attempt> attempts,
        Optional<Trouble> trouble,
        Optional<Silence> silence,
        Intervention intervention,
        Optional<Instant> interruptedAt,
        Optional<Closing> closing) {

    /**
     * How long an announced interruption is believed: EC2 gives two minutes (EC2 User Guide, "Spot Instance interruption
     * notices"), and Auto Scaling then sees that the instance is gone. After that it was a false alarm.
     */
    private static final Duration INTERRUPTION = Duration.ofMinutes(5);

    /** Maximum age of a description when it arrives. AWS publishes no bound; some seconds are seen. */
    private static final Duration DESCRIBED_LATE = Duration.ofMinutes(1);

    public Stay {
        attempts = List.copyOf(attempts);
    }

    public int number() {
        return opening.number();
    }

    public Gate gate() {
        return opening.gate();
    }

    public Optional<String> token() {
        return opening.token();
    }

    public Instant openedAt() {
        return opening.at();
    }

    public Optional<Instant> earlierClosed() {
        return opening.earlierClosed();
    }

    /** The first stay of an instance. */
    public static Stay first(Gate gate, Optional<Hint> hint, Instant now) {
        return CurrentStay.opened(1, gate, hint, Optional.empty(), now);
    }

    /**
     * The stay that an instance described at a gate is in: the newest one of the ledger, or a new one. Empty where the
     * description cannot be trusted, because it may be older than the record: then look again, and write nothing.
     *
     * @param seen the gate at which the instance was described
     * @param describedAt when that was asked; the function may have been stopped since, and others may have acted
     */
    public static Optional<Stay> current(
            Optional<Stay> newest, Gate seen, Instant describedAt, Optional<Hint> hint, Instant now) {
        return newest.isEmpty()
                ? CurrentStay.first(seen, hint, now)
                : new CurrentStay(newest.get(), describedAt, now).at(seen, hint);
    }

    /** With the token of the event about this wait, if it is the first one. */
    Stay knowing(Optional<Hint> hint) {
        boolean adopts = token().isEmpty()
                && isOpen()
                && hint.filter(h -> earlierClosed().filter(h.since()::isBefore).isEmpty())
                        .isPresent();
        return adopts ? copy().token(hint.map(Hint::token)).build() : this;
    }

    /**
     * Whether it was opened so recently that a description of that time can still show the instance as it was before this wait:
     * an instance that leaves the warm pool is at its gate within seconds, and descriptions lag by seconds, for which AWS
     * publishes no bound.
     */
    public boolean isYoung(Instant describedAt) {
        return describedAt.isBefore(openedAt().plus(DESCRIBED_LATE));
    }

    /**
     * Whether its completion may have been accepted already, so that another one by instance id could meet the next wait: an
     * instance can leave the warm pool within seconds. After the takeover time no worker tries any more.
     */
    public boolean mayBeCompleted(Instant now, Duration takeover) {
        return gate() == Gate.WARM
                && token().isEmpty()
                && closing.filter(end -> now.isBefore(end.decidedAt().plus(takeover)))
                        .isPresent();
    }

    /** After AWS knew no active action for its token, although the instance waits: the token was another wait's. */
    public Stay withoutToken() {
        return copy().token(Optional.empty()).build();
    }

    /**
     * Closed because the instance is gone or terminating: as was intended, or by something other than Gantry.
     *
     * @param seen for people: "was seen Terminating"
     */
    public Stay gone(String seen, Instant now) {
        return closedAt().isPresent()
                ? this
                : withClosing(closing.orElseGet(() -> elsewhere(seen, now)).done(now));
    }

    /** Closed because the instance was seen beyond the gate; not abandoned by Gantry, which would have ended it. */
    public Stay passed(String seen, Instant now) {
        boolean isAbandoned = closedAt().isEmpty()
                && closing.filter(end -> end.kind() == Closing.Kind.ABANDONED).isPresent();
        return isAbandoned ? withClosing(elsewhere(seen, now)) : gone(seen, now);
    }

    private Closing elsewhere(String seen, Instant now) {
        String first = isInterrupted(now) ? "EC2 took this Spot instance back: " : "";
        return Closing.elsewhere(first + "the instance " + seen + ", and Gantry had not completed its launch", now);
    }

    /** Whether EC2 is taking this Spot instance back. What its run says then is not its bundle's fault. */
    public boolean isInterrupted(Instant now) {
        return interruptedAt.filter(at -> now.isBefore(at.plus(INTERRUPTION))).isPresent();
    }

    /** After EC2 announced that it takes the instance back; an announcement from before this wait is not about it. */
    Stay interrupted(Instant at) {
        boolean isOlder = earlierClosed().filter(at::isBefore).isPresent();
        return isOlder || interruptedAt.isPresent()
                ? this
                : copy().interruptedAt(at).build();
    }

    /** How a run ended, given what is known about its instance. */
    Verdict of(Verdict verdict, Instant at) {
        return verdict instanceof Verdict.RunFailed failed && isInterrupted(at)
                ? Verdict.Undelivered.bySurroundings("EC2 takes the Spot instance back; the run failed meanwhile: "
                        + failed.failure().summary())
                : verdict;
    }

    public boolean isOpen() {
        return closing.isEmpty();
    }

    /** When AWS accepted the end of this stay. */
    public Optional<Instant> closedAt() {
        return closing.flatMap(Closing::doneAt);
    }

    public Optional<Attempt> lastAttempt() {
        return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.get(attempts.size() - 1));
    }

    /** What refused the last run that ended, if it was refused. */
    public Optional<Verdict.Refused> lastRefusal() {
        return attempts.stream()
                .flatMap(a -> a.end().stream())
                .reduce((earlier, later) -> later)
                .map(Attempt.End::verdict)
                .filter(Verdict.Refused.class::isInstance)
                .map(Verdict.Refused.class::cast);
    }

    /** How many runs failed; the ones that were never delivered do not count. */
    public long failures() {
        return attempts.stream().filter(a -> a.failure().isPresent()).count();
    }

    /** The last run that failed, if one did; later ones may have ended otherwise. */
    public Optional<Attempt> lastFailed() {
        return attempts.stream().filter(a -> a.failure().isPresent()).reduce((earlier, later) -> later);
    }

    public Stay withHeartbeat(Instant at) {
        return copy().heartbeatAt(at).build();
    }

    public Stay withTrouble(Trouble seen) {
        boolean isKnown = trouble.filter(seen::isSameAs).isPresent();
        return isKnown ? this : copy().trouble(Optional.of(seen)).build();
    }

    /** Without its trouble; but only another run's end can show that what refused the last run was repaired. */
    public Stay withTroubleOver() {
        return trouble.isEmpty() || lastRefusal().isPresent()
                ? this
                : copy().trouble(Optional.empty()).build();
    }

    /** With this evidence learned, in its order. Nothing is learned about a stay whose end is decided. */
    public Stay learn(List<Evidence> evidence) {
        Stay learned = this;
        for (Evidence one : evidence) {
            learned = learned.isOpen() ? one.learnedBy(learned) : learned;
        }
        return learned;
    }

    /** After a look in which Systems Manager did not answer. */
    public Stay unanswered(Instant now) {
        return withSilence(Optional.of(silence.map(s -> s.goesOn(now)).orElseGet(() -> Silence.from(now))));
    }

    /** After a look in which it did. */
    public Stay answered() {
        return silence.isEmpty() ? this : withSilence(Optional.empty());
    }

    private Stay withSilence(Optional<Silence> changed) {
        return copy().silence(changed).build();
    }

    public Stay with(Intervention wanted) {
        return copy().intervention(wanted).build();
    }

    public Stay withClosing(Closing end) {
        return copy().closing(end).build();
    }

    /**
     * With its end about to be carried out again, because a description still showed this wait. An end with a token that may be of
     * an earlier wait keeps its time: if AWS does not know the token any more, it is given up.
     */
    public Stay tryingItsEndAgain(Instant now) {
        Closing end = closing.orElseThrow();
        return token().isPresent() && end.mayBeOfAnEarlierWait(now) ? this : withClosing(end.triedAgain(now));
    }

    /** With one more attempt, or another version of an attempt that it already has. */
    public Stay with(Attempt attempt) {
        List<Attempt> changed = new ArrayList<>(attempts);
        changed.removeIf(a -> a.number() == attempt.number());
        changed.add(attempt);
        return withAttempts(changed);
    }

    /** With the attempt of this run changed, where the stay has one that is under way. */
    public Stay changing(RunId run, UnaryOperator<Attempt> change) {
        return attempts.stream()
                .filter(a -> a.runId().equals(run) && a.isUnderWay())
                .findFirst()
                .map(a -> with(change.apply(a)))
                .orElse(this);
    }

    Stay withAttempts(List<Attempt> changed) {
        return copy().attempts(changed).build();
    }

    private StayCopy copy() {
        return new StayCopy(this);
    }
}
