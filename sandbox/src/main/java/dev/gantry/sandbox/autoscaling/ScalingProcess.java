package dev.gantry.sandbox.autoscaling;

import java.util.Arrays;
import java.util.Optional;

/** The processes that SuspendProcesses knows (API_ScalingProcessQuery). */
enum ScalingProcess {
    LAUNCH("Launch"),
    TERMINATE("Terminate"),
    ADD_TO_LOAD_BALANCER("AddToLoadBalancer"),
    ALARM_NOTIFICATION("AlarmNotification"),
    AZ_REBALANCE("AZRebalance"),
    HEALTH_CHECK("HealthCheck"),
    INSTANCE_REFRESH("InstanceRefresh"),
    REPLACE_UNHEALTHY("ReplaceUnhealthy"),
    SCHEDULED_ACTIONS("ScheduledActions");

    private final String wire;

    ScalingProcess(String wire) {
        this.wire = wire;
    }

    String wire() {
        return wire;
    }

    static Optional<ScalingProcess> of(String wire) {
        return Arrays.stream(values()).filter(p -> p.wire.equals(wire)).findFirst();
    }
}
