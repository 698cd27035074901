package dev.gantry.launch.stay;

import java.time.Instant;
import java.util.Optional;

/**
 * How a stay began.
 *
 * @param number from 1, over the instance's life
 * @param token the lifecycle action's token, once an event brought it
 * @param at the first look at this wait; the launch deadline counts from here
 * @param earlierClosed when the instance's previous stay ended; agents must have pinged after that
 */
public record Opening(int number, Gate gate, Optional<String> token, Instant at, Optional<Instant> earlierClosed) {

    Opening with(Optional<String> known) {
        return new Opening(number, gate, known, at, earlierClosed);
    }
}
