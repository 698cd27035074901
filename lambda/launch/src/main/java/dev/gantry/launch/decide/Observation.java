package dev.gantry.launch.decide;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Everything that AWS and the ledger say <em>now</em> about one instance.
 *
 * @param terms under which it is decided
 * @param stay with everything that is known about its runs; empty if there is none, or if the description may be older than
 *     the ledger and is not trusted
 * @param agent as it was seen; {@link Agent#ABSENT} if Systems Manager knows none
 * @param reply what is known over the bastion about the run that is going on there
 * @param trouble what is wrong with the fleet itself, or with looking at this instance
 */
public record Observation(
        Instant now,
        Terms terms,
        Lifecycle lifecycle,
        Optional<Stay> stay,
        Agent agent,
        Optional<Reply> reply,
        Optional<Trouble> trouble) {

    /**
     * What holds for every instance of the fleet.
     *
     * @param takeover how old a claim must be before another worker may act on it: the function's timeout and 60 s
     */
    public record Terms(Fleet fleet, Release release, Duration takeover) {}

    public Fleet fleet() {
        return terms.fleet();
    }

    public Release release() {
        return terms.release();
    }

    public Duration takeover() {
        return terms.takeover();
    }

    /** The same with another stay. */
    public Observation with(Stay other) {
        return new Observation(now, terms, lifecycle, Optional.of(other), agent, reply, trouble);
    }
}
