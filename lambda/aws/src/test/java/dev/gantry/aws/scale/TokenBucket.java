package dev.gantry.aws.scale;

import java.time.Duration;
import java.time.Instant;

/** A rate limit; a call that finds no token is refused and takes none. */
public final class TokenBucket {
    private final double rate;
    private final double burst;
    private double tokens;
    private Instant last;

    TokenBucket(double rate, double burst, Instant start) {
        this.last = start;
        this.rate = rate;
        this.burst = burst;
        this.tokens = burst;
    }

    public boolean take(Instant now) {
        tokens = Math.min(burst, tokens + rate * Duration.between(last, now).toNanos() / 1e9);
        last = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** The earliest time, not before the given one, at which there is a token. */
    public Instant next(Instant from) {
        double then =
                Math.min(burst, tokens + rate * Duration.between(last, from).toNanos() / 1e9);
        return then >= 1 ? from : from.plusNanos((long) Math.ceil((1 - then) / rate * 1e9));
    }
}
