package dev.gantry.sandbox.autoscaling;

/** The lifecycle states that this stand-in can reach, as the API spells them (model: {@code LifecycleState}). */
enum LifecycleState {
    PENDING("Pending"),
    PENDING_WAIT("Pending:Wait"),
    PENDING_PROCEED("Pending:Proceed"),
    IN_SERVICE("InService"),
    TERMINATING("Terminating"),
    TERMINATING_WAIT("Terminating:Wait"),
    TERMINATING_PROCEED("Terminating:Proceed"),
    TERMINATED("Terminated"),
    DETACHING("Detaching"),
    ENTERING_STANDBY("EnteringStandby"),
    STANDBY("Standby"),
    WARMED_PENDING("Warmed:Pending"),
    WARMED_PENDING_WAIT("Warmed:Pending:Wait"),
    WARMED_PENDING_PROCEED("Warmed:Pending:Proceed"),
    WARMED_TERMINATING("Warmed:Terminating"),
    WARMED_TERMINATING_WAIT("Warmed:Terminating:Wait"),
    WARMED_TERMINATING_PROCEED("Warmed:Terminating:Proceed"),
    WARMED_TERMINATED("Warmed:Terminated"),
    WARMED_STOPPED("Warmed:Stopped"),
    WARMED_RUNNING("Warmed:Running"),
    WARMED_HIBERNATED("Warmed:Hibernated");

    private final String wire;

    LifecycleState(String wire) {
        this.wire = wire;
    }

    String wire() {
        return wire;
    }

    /** Whether the instance belongs to the warm pool: DescribeWarmPool shows it, DescribeAutoScalingGroups does not. */
    boolean warmed() {
        return wire.startsWith("Warmed:");
    }
}
