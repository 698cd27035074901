package dev.gantry.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One claimed run of a stay.
 *
 * @param number from 1
 * @param owner drawn for this claim alone, so that a worker recognises its own write
 * @param channel what carries the run, {@code ssm}
 * @param commandId empty until the send is known to have been accepted
 * @param absence how often the command was looked for after an unclear send and not found
 * @param end empty while it is under way
 */
public record Attempt(
        int number,
        RunId runId,
        String owner,
        BundleId bundle,
        String channel,
        Instant claimedAt,
        Optional<String> commandId,
        Absence absence,
        Optional<End> end) {

    /** When and how a run ended. */
    public record End(Instant at, Verdict verdict) {}

    /** Looks that did not find the command; lists lag, so only several of them, over a while, count. */
    public record Absence(int looks, Optional<Instant> first, Optional<Instant> last) {
        public static final Absence NONE = new Absence(0, Optional.empty(), Optional.empty());
        private static final int LOOKS = 3;
        private static final Duration SPAN = Duration.ofMinutes(1);

        /** One more look at {@code now} that did not find it. */
        public Absence seen(Instant now) {
            return new Absence(looks + 1, Optional.of(first.orElse(now)), Optional.of(now));
        }

        /** Three looks over at least 60 s: the command was never accepted. */
        public boolean isProven() {
            return looks >= LOOKS
                    && Duration.between(first.orElseThrow(), last.orElseThrow()).compareTo(SPAN) >= 0;
        }
    }

    /** A fresh claim. */
    public static Attempt claimed(int number, RunId runId, String owner, BundleId bundle, Instant now) {
        return new Attempt(number, runId, owner, bundle, "ssm", now, Optional.empty(), Absence.NONE, Optional.empty());
    }

    /** The same run under a new claim, because the first send was never accepted. */
    public Attempt reclaimed(String newOwner, Instant now) {
        return new Attempt(
                number, runId, newOwner, bundle, channel, now, Optional.empty(), Absence.NONE, Optional.empty());
    }

    public Attempt sent(String command) {
        return new Attempt(number, runId, owner, bundle, channel, claimedAt, Optional.of(command), absence, end);
    }

    public Attempt notFound(Instant now) {
        return new Attempt(number, runId, owner, bundle, channel, claimedAt, commandId, absence.seen(now), end);
    }

    public Attempt ended(Instant at, Verdict verdict) {
        return new Attempt(
                number,
                runId,
                owner,
                bundle,
                channel,
                claimedAt,
                commandId,
                absence,
                Optional.of(new End(at, verdict)));
    }

    public boolean isUnderWay() {
        return end.isEmpty();
    }

    /** The failure, if this run failed. */
    public Optional<Failure> failure() {
        return end.map(End::verdict)
                .filter(Verdict.RunFailed.class::isInstance)
                .map(verdict -> ((Verdict.RunFailed) verdict).failure());
    }

    public boolean succeeded() {
        return end.filter(e -> e.verdict() instanceof Verdict.Succeeded).isPresent();
    }
}
