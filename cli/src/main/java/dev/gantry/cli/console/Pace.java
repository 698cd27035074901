package dev.gantry.cli.console;

import java.time.Duration;

/**
 * How often AWS is asked, and how long a page waits for an answer.
 *
 * @param fleets how long the list of fleets is shared
 * @param launches how long a fleet with its launches is
 * @param instance how long an instance is
 * @param doctor how long the doctor's findings are
 * @param patience how long a page waits before it says that AWS is being asked; a reader does not notice it
 * @param look how often an open page is compared with what is known
 */
record Pace(Duration fleets, Duration launches, Duration instance, Duration doctor, Duration patience, Duration look) {
    static final Pace USUAL = new Pace(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(30),
            Duration.ofMillis(50),
            Duration.ofMillis(500));
}
