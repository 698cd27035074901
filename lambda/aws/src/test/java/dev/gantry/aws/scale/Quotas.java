package dev.gantry.aws.scale;

import java.time.Instant;
import java.util.Map;

/**
 * The API quotas that are declared for a run; AWS publishes none. Auto Scaling has one bucket for all its actions; Systems
 * Manager has one for each.
 *
 * @param autoScaling calls a second
 * @param autoScalingBurst calls at once
 * @param systemsManager calls a second, of each action
 * @param systemsManagerBurst calls at once, of each action
 */
public record Quotas(double autoScaling, double autoScalingBurst, double systemsManager, double systemsManagerBurst) {

    /** From options: asg-tps, asg-burst, ssm-tps, ssm-burst. */
    public static Quotas of(Map<String, String> options) {
        return new Quotas(
                Double.parseDouble(options.get("asg-tps")),
                Double.parseDouble(options.get("asg-burst")),
                Double.parseDouble(options.get("ssm-tps")),
                Double.parseDouble(options.get("ssm-burst")));
    }

    /** Full at the start. */
    public TokenBucket forAutoScaling(Instant start) {
        return new TokenBucket(autoScaling, autoScalingBurst, start);
    }

    public TokenBucket forSystemsManager(Instant start) {
        return new TokenBucket(systemsManager, systemsManagerBurst, start);
    }
}
