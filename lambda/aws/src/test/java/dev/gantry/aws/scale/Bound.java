package dev.gantry.aws.scale;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * The earliest possible time at which all instances are in service: each is completed as soon as its run can have ended
 * and Auto Scaling's quota has a token, which nothing but completions takes.
 */
public final class Bound {
    private Bound() {}

    /**
     * The bound as a time after the start.
     *
     * @param ready when each instance's run can have ended
     */
    public static Duration of(Instant start, Collection<Instant> ready, Quotas quotas) {
        TokenBucket bucket = quotas.forAutoScaling(start);
        Instant done = start;
        for (Instant next : ready.stream().sorted().toList()) {
            Instant from = next.isAfter(done) ? next : done;
            done = bucket.next(from);
            bucket.take(done);
        }
        return Duration.between(start, done);
    }
}
