package dev.gantry.bastion.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that the test moves. */
public final class HandClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-01-31T12:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }
}
