package dev.gantry.launch;

import java.time.Instant;

/**
 * What a launch event says beyond "look at this instance". Used in two ways that a false or late event cannot harm: its
 * token tells one wait from the next, its time tells that the hook's heartbeat is still young.
 *
 * @param token the LifecycleActionToken
 * @param since the event's own time: the wait began then
 */
public record Hint(String token, Instant since) {}
