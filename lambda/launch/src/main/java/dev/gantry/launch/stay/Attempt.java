package dev.gantry.launch.stay;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One claimed run of a stay.
 *
 * @param number from 1
 * @param commandId Run Command's id; empty until the send is known to be accepted, and for a bastion run without a command
 * @param absence the look-ups after an unclear send that did not find the command
 * @param detour empty if Systems Manager carries the run
 * @param end empty while the run goes on
 */
public record Attempt(
        int number,
        RunId runId,
        BundleId bundle,
        Claim claim,
        Optional<String> commandId,
        Absence absence,
        Optional<Detour> detour,
        Optional<End> end) {

    /**
     * Who begins the run, and since when.
     *
     * @param owner drawn for this claim alone, so that a worker recognises its own write
     */
    public record Claim(String owner, Instant at) {}

    /** When and how a run ended. */
    public record End(Instant at, Verdict verdict) {}

    /**
     * The part of an attempt that goes over the bastion.
     *
     * @param why the reason for the fallback, one sentence
     * @param asks the number of questions that were sent, or were about to be sent
     * @param askedAt the time of the last question
     */
    public record Detour(String why, int asks, Instant askedAt) {
        Detour asked(Instant now) {
            return new Detour(why, asks + 1, now);
        }
    }

    /** Look-ups that did not find the command. Lists lag, so only several look-ups over a minute count. */
    public record Absence(int looks, Optional<Instant> first, Optional<Instant> last) {
        public static final Absence NONE = new Absence(0, Optional.empty(), Optional.empty());
        private static final int LOOKS = 3;
        private static final Duration SPAN = Duration.ofMinutes(1);

        /** One more look-up, at {@code now}, that did not find it. */
        public Absence seen(Instant now) {
            return new Absence(looks + 1, Optional.of(first.orElse(now)), Optional.of(now));
        }

        /** Whether three look-ups over at least 60 s prove that the command was never accepted. */
        public boolean isProven() {
            return looks >= LOOKS
                    && Duration.between(first.orElseThrow(), last.orElseThrow()).compareTo(SPAN) >= 0;
        }
    }

    public String owner() {
        return claim.owner();
    }

    public Instant claimedAt() {
        return claim.at();
    }

    /** A fresh claim. */
    public static Attempt claimed(int number, RunId runId, String owner, BundleId bundle, Instant now) {
        return new Attempt(
                number,
                runId,
                bundle,
                new Claim(owner, now),
                Optional.empty(),
                Absence.NONE,
                Optional.empty(),
                Optional.empty());
    }

    /** The same run under a new claim, because the first send was never accepted. */
    public Attempt reclaimed(String newOwner, Instant now) {
        return claimed(number, runId, newOwner, bundle, now);
    }

    /**
     * The same run under a new claim, over the bastion; what is known of its command is kept. The question that begins it
     * counts as asked.
     */
    public Attempt overTheBastion(String newOwner, String why, Instant now) {
        return new Attempt(
                number,
                runId,
                bundle,
                new Claim(newOwner, now),
                commandId,
                absence,
                Optional.of(new Detour(why, 1, now)),
                Optional.empty());
    }

    /** One more question over the bastion. */
    public Attempt asked(Instant now) {
        return new Attempt(number, runId, bundle, claim, commandId, absence, detour.map(d -> d.asked(now)), end);
    }

    public Attempt sent(String command) {
        return new Attempt(number, runId, bundle, claim, Optional.of(command), absence, detour, end);
    }

    public Attempt notFound(Instant now) {
        return new Attempt(number, runId, bundle, claim, commandId, absence.seen(now), detour, end);
    }

    public Attempt ended(Instant at, Verdict verdict) {
        return new Attempt(number, runId, bundle, claim, commandId, absence, detour, Optional.of(new End(at, verdict)));
    }

    /** What carries the run now. */
    public Channel channel() {
        return detour.isPresent() ? Channel.BASTION : Channel.SSM;
    }

    public boolean isOverTheBastion() {
        return detour.isPresent();
    }

    /**
     * Whether it may have begun. A claim alone is not a start, because its command may never have been sent; over the bastion
     * it counts as a start, because its message may be on its way.
     */
    public boolean mayHaveBegun() {
        return commandId.isPresent() || isOverTheBastion() || !isUnderWay();
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
