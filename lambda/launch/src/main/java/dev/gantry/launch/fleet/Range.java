package dev.gantry.launch.fleet;

import java.time.Duration;

/** The range in which a setting must be. */
final class Range {
    private Range() {}

    /**
     * Refuses a duration that is out of range.
     *
     * @param least in seconds, included, as {@code most} is
     */
    static void check(String field, Duration value, long least, long most) {
        if (value.toSeconds() < least || value.toSeconds() > most) {
            throw new IllegalArgumentException(
                    field + " must be " + least + " to " + most + ", not " + value.toSeconds());
        }
    }
}
