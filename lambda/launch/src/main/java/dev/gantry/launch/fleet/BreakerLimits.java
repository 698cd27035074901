package dev.gantry.launch.fleet;

/**
 * When a fleet's breaker opens.
 *
 * @param failures the bundle is quarantined when this many distinct instances have failed on it since its last success; 1 to 100
 * @param abandonments more abandonments than this, of any cause, within one launch deadline: the group's Launch process is
 *     suspended; 1 to 1,000, which is one page of ListObjectsV2. Should be above the fleet's largest burst of launches
 */
public record BreakerLimits(int failures, int abandonments) {

    /** The limits of a fleet whose settings do not set them. */
    public static final BreakerLimits DEFAULT = new BreakerLimits(3, 10);

    public BreakerLimits {
        if (failures < 1 || failures > 100) {
            throw new IllegalArgumentException("breaker.failures must be 1 to 100, not " + failures);
        }
        if (abandonments < 1 || abandonments > 1000) {
            throw new IllegalArgumentException("breaker.abandonments must be 1 to 1000, not " + abandonments);
        }
    }
}
