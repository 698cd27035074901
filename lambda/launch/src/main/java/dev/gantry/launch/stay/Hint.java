package dev.gantry.launch.stay;

import dev.gantry.launch.fleet.FleetName;
import java.time.Instant;
import java.util.Optional;

/**
 * What a launch event says beyond "look at this instance". It is used in three ways, in which a false or late event is
 * harmless: its token distinguishes one wait from the next, its time shows that the hook's heartbeat is still young, and its
 * gate shows to which wait the token belongs.
 *
 * @param token the LifecycleActionToken
 * @param since the event's own time: the wait began then
 * @param gate from the event's Destination; empty if the event has none
 * @param group the instance's group, so that its record is found when the instance is gone
 */
public record Hint(String token, Instant since, Optional<Gate> gate, Optional<FleetName> group) {

    /** An event without a Destination, of an unknown group. */
    public Hint(String token, Instant since) {
        this(token, since, Optional.empty(), Optional.empty());
    }

    /** Whether the event can be about a wait at this gate. */
    public boolean isAbout(Gate seen) {
        return gate.filter(g -> g != seen).isEmpty();
    }
}
