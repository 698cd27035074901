package dev.gantry.sandbox.autoscaling;

/**
 * Where an instance comes from or goes to: the {@code Origin} and {@code Destination} of events
 * (AS/warm-pools-eventbridge-events).
 */
enum Place {
    EC2("EC2"),
    GROUP("AutoScalingGroup"),
    WARM_POOL("WarmPool");

    private final String wire;

    Place(String wire) {
        this.wire = wire;
    }

    String wire() {
        return wire;
    }
}
