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
 * @param number from 1, over the instance's life
 * @param token the lifecycle action's token, once an event brought it
 * @param openedAt the first look at this wait; the launch deadline counts from here
 * @param heartbeatAt a time at which the hook's heartbeat was certainly started anew; empty when nobody knows
 * @param earlierClosed when the instance's previous stay ended; agents must have pinged after that
 * @param attempts the claimed runs, oldest first
 * @param trouble what keeps the stay from its run just now
 * @param silence the looks in which Systems Manager did not answer, up to the last one; kept where the fleet has a fallback
 * @param closing empty while it is open
 */
public record Stay(
        int number,
        Gate gate,
        Optional<String> token,
        Instant openedAt,
        Optional<Instant> heartbeatAt,
        Optional<Instant> earlierClosed,
        List<Attempt> attempts,
        Optional<Trouble> trouble,
        Optional<Silence> silence,
        Optional<Closing> closing) {

    /**
     * A closed stay is taken for the wait that is seen at its gate until this long after its end, because descriptions lag.
     * A second hook may hold the instance longer: then the next stay's first renewal finds no active action, and nothing is
     * done. Not longer than this, because nothing is renewed meanwhile.
     */
    public static final Duration AFTERGLOW = Duration.ofMinutes(2);

    /** An intention to let the instance proceed that nobody has tried for this long may belong to an earlier wait. */
    public static final Duration GIVEN_UP = Duration.ofMinutes(5);

    /** By so much the clocks of an event and of the function may differ; two waits at one gate are farther apart. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    /** A description may be this old when it arrives. AWS publishes no bound; some seconds are seen. */
    private static final Duration DESCRIBED_LATE = Duration.ofMinutes(1);

    public Stay {
        attempts = List.copyOf(attempts);
    }

    /** The first stay of an instance. */
    public static Stay first(Gate gate, Optional<Hint> hint, Instant now) {
        return opened(1, gate, hint, Optional.empty(), now);
    }

    /**
     * The stay that an instance described at a gate is in: the newest one of the ledger, or a new one. Empty where the
     * description cannot be believed, because it may be older than the record: then look again, and write nothing.
     *
     * <p>A new stay begins when the gate differs, when a later event brings another token or tells of a wait that began
     * after this stay was opened, or when the ledger's was closed over two minutes ago and the instance waits again. So it
     * does when an end other than an abandonment was intended over five minutes ago and has not been tried since: AWS may
     * have accepted it, and this may be a wait after a return to the warm pool. An abandonment is different: one that AWS
     * had accepted would have terminated the instance.
     *
     * @param seen the gate at which the instance was described
     * @param describedAt when that was asked; the function may have been stopped since, and others may have acted
     */
    public static Optional<Stay> current(
            Optional<Stay> newest, Gate seen, Instant describedAt, Optional<Hint> hint, Instant now) {
        if (newest.isEmpty()) {
            return hint.filter(h -> h.gate().equals(Optional.of(Gate.SERVICE)) && seen == Gate.WARM)
                            .isPresent()
                    ? Optional.empty()
                    : Optional.of(first(seen, hint, now));
        }
        Stay stay = newest.get();
        Optional<Hint> about = hint.filter(h -> h.isAbout(seen));
        if (stay.gate != seen && !stay.isLeftFor(seen, describedAt, about)) {
            return Optional.empty();
        }
        return Optional.of(
                stay.gate != seen || stay.isOver(about, describedAt)
                        ? opened(stay.number + 1, seen, about, Optional.of(stay.overBy(about, now)), now)
                                .withAttempts(stay.begunIn(seen, about))
                        : stay.knowing(about));
    }

    private static Stay opened(
            int number, Gate gate, Optional<Hint> hint, Optional<Instant> earlierClosed, Instant now) {
        Optional<Hint> fresh = hint.filter(h -> h.isAbout(gate))
                .filter(h -> earlierClosed.filter(h.since()::isBefore).isEmpty());
        return new Stay(
                number,
                gate,
                fresh.map(Hint::token),
                now,
                fresh.map(Hint::since).filter(since -> !since.isAfter(now)),
                earlierClosed,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Runs that were claimed after the next wait at this gate began belong to it, although its event came after them. */
    private List<Attempt> begunIn(Gate seen, Optional<Hint> next) {
        return next.map(Hint::since)
                .filter(since -> gate == seen && since.isAfter(closedAt().orElse(openedAt)))
                .map(since -> attempts.stream()
                        .filter(a -> a.claimedAt().isAfter(since))
                        .toList())
                .orElse(List.of());
    }

    /** When this stay was over at the latest: at its close, or when the next wait began, or now. */
    private Instant overBy(Optional<Hint> next, Instant now) {
        return closedAt()
                .or(() -> next.map(Hint::since).filter(since -> since.isAfter(openedAt) && !since.isAfter(now)))
                .orElse(now);
    }

    /**
     * Whether the instance went on from this stay's gate to the other one, where it was described. An instance comes to the
     * warm gate once, when it is launched (Auto Scaling user guide, "lifecycle hooks with a warm pool"): after the service
     * gate only an event proves a wait there, or a service stay that ended long before the description.
     */
    private boolean isLeftFor(Gate seen, Instant describedAt, Optional<Hint> hint) {
        Duration skew = seen == Gate.WARM || hint.flatMap(Hint::gate).isEmpty() ? CLOCKS : Duration.ZERO;
        if (hint.filter(h -> h.since().isAfter(openedAt.plus(skew))).isPresent()) {
            return true;
        } else if (isYoung(describedAt)) {
            return false;
        }
        return seen == Gate.SERVICE
                || closedAt()
                        .filter(at -> at.plus(AFTERGLOW).isBefore(describedAt))
                        .isPresent();
    }

    private boolean isOver(Optional<Hint> hint, Instant describedAt) {
        Instant newerThan = closedAt().orElse(openedAt);
        if (token.isEmpty()
                && hint.map(Hint::since)
                        .filter(since -> since.isAfter(newerThan) && since.isAfter(openedAt.plus(CLOCKS)))
                        .isPresent()) {
            return true;
        }
        if (hint.isPresent()
                && token.isPresent()
                && !token.equals(hint.map(Hint::token))
                && hint.get().since().isAfter(newerThan)) {
            return true;
        }
        return closedAt().map(at -> at.plus(AFTERGLOW).isBefore(describedAt)).orElseGet(() -> isGivenUp(describedAt));
    }

    /** An intended abandonment of an instance that waits was never accepted: that would have terminated it. */
    private boolean isGivenUp(Instant describedAt) {
        return closing.filter(end -> end.kind() != Closing.Kind.ABANDONED)
                .filter(end -> end.decidedAt().plus(GIVEN_UP).isBefore(describedAt))
                .isPresent();
    }

    private Stay knowing(Optional<Hint> hint) {
        boolean adopts = token.isEmpty()
                && isOpen()
                && hint.filter(h -> earlierClosed.filter(h.since()::isBefore).isEmpty())
                        .isPresent();
        return adopts
                ? new Stay(
                        number,
                        gate,
                        hint.map(Hint::token),
                        openedAt,
                        heartbeatAt,
                        earlierClosed,
                        attempts,
                        trouble,
                        silence,
                        closing)
                : this;
    }

    /**
     * Whether it was opened so lately that a description of that time can still show the instance as it was before this wait:
     * an instance that leaves the warm pool is at its gate within seconds, and descriptions lag by seconds, for which AWS
     * publishes no bound.
     */
    public boolean isYoung(Instant describedAt) {
        return describedAt.isBefore(openedAt.plus(DESCRIBED_LATE));
    }

    /**
     * Whether its completion may have been accepted already, so that another one by instance id could meet the next wait: an
     * instance can leave the warm pool within seconds. Nobody tries any more after a takeover's time.
     */
    public boolean mayBeCompleted(Instant now, Duration takeover) {
        return gate == Gate.WARM
                && token.isEmpty()
                && closing.filter(end -> now.isBefore(end.decidedAt().plus(takeover)))
                        .isPresent();
    }

    /** After AWS knew no active action for its token, although the instance waits: the token was another wait's. */
    public Stay withoutToken() {
        return new Stay(
                number,
                gate,
                Optional.empty(),
                openedAt,
                heartbeatAt,
                earlierClosed,
                attempts,
                trouble,
                silence,
                closing);
    }

    /**
     * Closed because the instance is gone, or leaves: as it was intended, or by whoever else did it.
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

    private static Closing elsewhere(String seen, Instant now) {
        return Closing.elsewhere("the instance " + seen + ", and Gantry had not completed its launch", now);
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
        return new Stay(
                number, gate, token, openedAt, Optional.of(at), earlierClosed, attempts, trouble, silence, closing);
    }

    public Stay withTrouble(Trouble seen) {
        boolean known = trouble.filter(seen::isSameAs).isPresent();
        return known
                ? this
                : new Stay(
                        number,
                        gate,
                        token,
                        openedAt,
                        heartbeatAt,
                        earlierClosed,
                        attempts,
                        Optional.of(seen),
                        silence,
                        closing);
    }

    /** Without its trouble; but only another run's end can show that what refused the last run was repaired. */
    public Stay withTroubleOver() {
        return trouble.isEmpty() || lastRefusal().isPresent()
                ? this
                : new Stay(
                        number,
                        gate,
                        token,
                        openedAt,
                        heartbeatAt,
                        earlierClosed,
                        attempts,
                        Optional.empty(),
                        silence,
                        closing);
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
        return new Stay(number, gate, token, openedAt, heartbeatAt, earlierClosed, attempts, trouble, changed, closing);
    }

    public Stay withClosing(Closing end) {
        return new Stay(
                number,
                gate,
                token,
                openedAt,
                heartbeatAt,
                earlierClosed,
                attempts,
                trouble,
                silence,
                Optional.of(end));
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

    private Stay withAttempts(List<Attempt> changed) {
        return new Stay(number, gate, token, openedAt, heartbeatAt, earlierClosed, changed, trouble, silence, closing);
    }
}
