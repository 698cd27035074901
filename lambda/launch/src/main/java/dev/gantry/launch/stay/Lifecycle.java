package dev.gantry.launch.stay;

import java.util.Map;
import java.util.Optional;

/**
 * What an instance's LifecycleState means for a gate. The states are those of the Auto Scaling user guide, page "instance
 * lifecycle". An unknown state means "look again later", never a guess.
 */
public enum Lifecycle {
    /** Launched, the hook's action not active yet. */
    ARRIVING,
    /** Held at the gate before the warm pool. */
    AT_WARM_GATE,
    /** Held at the gate before service. */
    AT_SERVICE_GATE,
    /** Beyond the gate and in service. */
    IN_SERVICE,
    /** Beyond the gate and out of service: proceeding, in the warm pool, in standby. It can come back to a gate. */
    AWAY,
    /** Terminating, detaching, or gone from the group. */
    LEAVING,
    /** A state that this version does not know. */
    UNKNOWN;

    private static final Map<String, Lifecycle> STATES = Map.ofEntries(
            Map.entry("Pending", ARRIVING),
            Map.entry("Pending:Wait", AT_SERVICE_GATE),
            Map.entry("Pending:Proceed", AWAY),
            Map.entry("InService", IN_SERVICE),
            Map.entry("EnteringStandby", AWAY),
            Map.entry("Standby", AWAY),
            Map.entry("Quarantined", LEAVING),
            Map.entry("ReplacingRootVolume", AWAY),
            Map.entry("ReplacingRootVolume:Wait", AWAY),
            Map.entry("ReplacingRootVolume:Proceed", AWAY),
            Map.entry("RootVolumeReplaced", AWAY),
            Map.entry("Terminating", LEAVING),
            Map.entry("Terminating:Wait", LEAVING),
            Map.entry("Terminating:Proceed", LEAVING),
            Map.entry("Terminating:Retained", LEAVING),
            Map.entry("Terminated", LEAVING),
            Map.entry("Detaching", LEAVING),
            Map.entry("Detached", LEAVING),
            Map.entry("Warmed:Pending", ARRIVING),
            Map.entry("Warmed:Pending:Wait", AT_WARM_GATE),
            Map.entry("Warmed:Pending:Proceed", AWAY),
            Map.entry("Warmed:Pending:Retained", LEAVING),
            Map.entry("Warmed:Terminating", LEAVING),
            Map.entry("Warmed:Terminating:Wait", LEAVING),
            Map.entry("Warmed:Terminating:Proceed", LEAVING),
            Map.entry("Warmed:Terminating:Retained", LEAVING),
            Map.entry("Warmed:Terminated", LEAVING),
            Map.entry("Warmed:Stopped", AWAY),
            Map.entry("Warmed:Running", AWAY),
            Map.entry("Warmed:Hibernated", AWAY));

    /** Reads a LifecycleState as AWS writes it. */
    public static Lifecycle of(String state) {
        return STATES.getOrDefault(state, UNKNOWN);
    }

    /** Whether the instance is beyond its gate, and neither terminating nor gone. */
    public boolean hasPassed() {
        return this == IN_SERVICE || this == AWAY;
    }

    /** The gate at which the instance is held, if it is. */
    public Optional<Gate> gate() {
        return switch (this) {
            case AT_WARM_GATE -> Optional.of(Gate.WARM);
            case AT_SERVICE_GATE -> Optional.of(Gate.SERVICE);
            default -> Optional.empty();
        };
    }
}
