package dev.gantry.operator;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was read to check a deployment and one of its fleets; each part may have failed separately. */
public final class Checkup {
    private Checkup() {}

    /**
     * A function of Gantry's.
     *
     * @param state as Lambda says it: Active, Pending, Inactive, Failed
     * @param lastUpdate Successful, InProgress or Failed
     * @param bucket its GANTRY_BUCKET
     */
    public record Function(String name, String state, String lastUpdate, Duration timeout, Optional<String> bucket) {}

    /** A queue: how many messages are in it, and how long it hides one that was received. */
    public record Queue(String name, int messages, Duration visibility, boolean hasDeadLetters) {}

    /**
     * What all fleets share.
     *
     * @param functions by name; empty where there is none of that name
     */
    public record Deployed(
            Place place,
            Map<String, Result<Optional<Function>>> functions,
            Result<Optional<Queue>> queue,
            Result<Optional<Queue>> deadLetters) {}

    /** A lifecycle hook of a group. */
    public record Hook(String name, boolean isAtLaunch, String defaultResult, Duration heartbeat) {}

    /**
     * A group.
     *
     * @param suspended the processes that are suspended, with the reason that Auto Scaling gives
     */
    public record Group(List<Hook> hooks, Map<String, String> suspended) {}

    /**
     * A Command document.
     *
     * @param status Active, or what keeps it from being used
     * @param hash its SHA-256, where Systems Manager says it
     */
    public record Described(String status, Optional<String> hash) {}

    /** What was read about one fleet. */
    public record OfFleet(
            FleetName name,
            Result<Optional<Fleets.View>> view,
            Result<Optional<Group>> group,
            Result<Optional<Described>> document) {}
}
