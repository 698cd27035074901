package dev.gantry.sandbox.autoscaling;

import java.util.Arrays;
import java.util.Optional;

/** What a lifecycle hook waits for. */
enum Transition {
    LAUNCHING("autoscaling:EC2_INSTANCE_LAUNCHING", "EC2 Instance-launch Lifecycle Action"),
    TERMINATING("autoscaling:EC2_INSTANCE_TERMINATING", "EC2 Instance-terminate Lifecycle Action");

    private final String wire;
    private final String detailType;

    Transition(String wire, String detailType) {
        this.wire = wire;
        this.detailType = detailType;
    }

    String wire() {
        return wire;
    }

    /** The EventBridge detail-type of its lifecycle actions. */
    String detailType() {
        return detailType;
    }

    static Optional<Transition> of(String wire) {
        return Arrays.stream(values()).filter(t -> t.wire.equals(wire)).findFirst();
    }
}
