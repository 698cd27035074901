package dev.gantry.launch.stay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether an instance that is described at a gate is still in the newest stay of the ledger, or in a new one. A new stay
 * begins when the instance went on to the other gate, or when the newest stay is over in one of four ways: {@link
 * #anEventToldOfALaterWait}, {@link #anEventBroughtAnotherToken}, {@link #itClosedLongAgo}, {@link #itsEndWasGivenUp}.
 *
 * @param stay the newest one of the ledger
 * @param describedAt when Auto Scaling was asked; the ledger can have learned more since
 */
record CurrentStay(Stay stay, Instant describedAt, Instant now) {

    /**
     * How long after its end a closed stay still counts as the wait that is seen at its gate, because descriptions lag. A second
     * hook may hold the instance longer: then the next stay's first renewal finds no active action, and nothing is done. It is
     * not longer, because nothing is renewed meanwhile.
     */
    static final Duration REOPEN_GRACE = Duration.ofMinutes(2);

    /** Maximum clock skew between an event and the function; two waits at one gate are farther apart. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

    /** The first stay of an instance; empty where an event shows that the description at the warm gate is too old. */
    static Optional<Stay> first(Gate seen, Optional<Hint> hint, Instant now) {
        boolean isOld = hint.filter(h -> h.gate().equals(Optional.of(Gate.SERVICE)) && seen == Gate.WARM)
                .isPresent();
        return isOld ? Optional.empty() : Optional.of(opened(1, seen, hint, Optional.empty(), now));
    }

    static Stay opened(int number, Gate gate, Optional<Hint> hint, Optional<Instant> earlierClosed, Instant now) {
        Optional<Hint> fresh = hint.filter(h -> h.isAbout(gate))
                .filter(h -> earlierClosed.filter(h.since()::isBefore).isEmpty());
        return new Stay(
                new Opening(number, gate, fresh.map(Hint::token), now, earlierClosed),
                fresh.map(Hint::since).filter(since -> !since.isAfter(now)),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Intervention.NONE,
                Optional.empty(),
                Optional.empty());
    }

    /** The stay that the instance is in; empty where the description may be older than the ledger. */
    Optional<Stay> at(Gate seen, Optional<Hint> hint) {
        Optional<Hint> about = hint.filter(h -> h.isAbout(seen));
        if (stay.gate() != seen) {
            return isLeftFor(seen, about) ? Optional.of(next(seen, about)) : Optional.empty();
        }
        return Optional.of(isOver(about) ? next(seen, about) : stay.knowing(about));
    }

    private Stay next(Gate seen, Optional<Hint> hint) {
        return opened(stay.number() + 1, seen, hint, Optional.of(overBy(hint)), now)
                .withAttempts(begunIn(seen, hint));
    }

    /** Runs that were claimed after the next wait at this gate began belong to that wait, even if its event came later. */
    private List<Attempt> begunIn(Gate seen, Optional<Hint> next) {
        return next.map(Hint::since)
                .filter(since -> stay.gate() == seen && since.isAfter(lastKnown()))
                .map(since -> stay.attempts().stream()
                        .filter(a -> a.claimedAt().isAfter(since))
                        .toList())
                .orElse(List.of());
    }

    /** The latest time at which this stay can have ended: its close, or the beginning of the next wait, or now. */
    private Instant overBy(Optional<Hint> next) {
        return stay.closedAt()
                .or(() -> next.map(Hint::since).filter(since -> since.isAfter(stay.openedAt()) && !since.isAfter(now)))
                .orElse(now);
    }

    /**
     * Whether the instance went on from this stay's gate to the other one, where it was described. An instance comes to the
     * warm gate once, when it is launched (Auto Scaling user guide, "lifecycle hooks with a warm pool"): after the service
     * gate only an event proves a wait there, or a service stay that ended long before the description.
     */
    private boolean isLeftFor(Gate seen, Optional<Hint> hint) {
        Duration skew = seen == Gate.WARM || hint.flatMap(Hint::gate).isEmpty() ? MAX_CLOCK_SKEW : Duration.ZERO;
        if (hint.filter(h -> h.since().isAfter(stay.openedAt().plus(skew))).isPresent()) {
            return true;
        }
        return !stay.isYoung(describedAt) && (seen == Gate.SERVICE || itClosedLongAgo());
    }

    /**
     * Time alone ends a stay at the service gate only. An instance that is described at the warm gate long after its stay there is
     * held by another hook: the launch hook holds it there once (Auto Scaling user guide, "lifecycle hooks with a warm pool").
     */
    private boolean isOver(Optional<Hint> hint) {
        return hint.filter(this::anEventToldOfALaterWait).isPresent()
                || hint.filter(this::anEventBroughtAnotherToken).isPresent()
                || (stay.gate() == Gate.SERVICE && (itClosedLongAgo() || itsEndWasGivenUp()));
    }

    /** Anything newer than this is not about the stay. */
    private Instant lastKnown() {
        return stay.closedAt().orElse(stay.openedAt());
    }

    private boolean anEventToldOfALaterWait(Hint hint) {
        return stay.token().isEmpty()
                && hint.since().isAfter(lastKnown())
                && hint.since().isAfter(stay.openedAt().plus(MAX_CLOCK_SKEW));
    }

    private boolean anEventBroughtAnotherToken(Hint hint) {
        return stay.token().filter(token -> !token.equals(hint.token())).isPresent()
                && hint.since().isAfter(lastKnown());
    }

    private boolean itClosedLongAgo() {
        return stay.closedAt()
                .filter(at -> at.plus(REOPEN_GRACE).isBefore(describedAt))
                .isPresent();
    }

    /** Without a token. With it, the end is tried however late: a token completes its own wait or none. */
    private boolean itsEndWasGivenUp() {
        return stay.token().isEmpty()
                && stay.closing()
                        .filter(end -> end.mayBeOfAnEarlierWait(describedAt))
                        .isPresent();
    }
}
