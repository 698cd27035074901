package dev.gantry.operator;

import java.time.Instant;

/**
 * A scaling activity of the instance's group that names the instance (API_DescribeScalingActivities; kept for six weeks).
 *
 * @param description for example {@code Launching a new EC2 instance: i-0123456789abcdef0}
 * @param cause why Auto Scaling did it, in its own words
 */
public record Activity(Instant startedAt, String description, String cause) {
    boolean isLaunch() {
        return description.startsWith("Launching");
    }

    boolean isTermination() {
        return description.startsWith("Terminating");
    }
}
