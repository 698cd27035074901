package dev.gantry.launch.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * How long an instance waits at its gate.
 *
 * <p>The launch deadline must end before AWS ends the wait itself: at the smaller of 48 h and 100 heartbeats
 * (docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html).
 *
 * @param launchDeadline from the beginning of a stay until it is abandoned, whatever the reason
 * @param agentDeadline how long the launch message itself looks for the agent; afterwards the sweep does
 * @param heartbeat the hook's HeartbeatTimeout, 30 s to 7,200 s: the longest outage of Gantry that an instance survives;
 *     renewed at half
 * @param hold how long a failed instance is kept for inspection before it is abandoned; zero for not at all
 */
public record WaitLimits(Duration launchDeadline, Duration agentDeadline, Duration heartbeat, Duration hold) {
    private static final Duration AWS_LIMIT = Duration.ofDays(2);

    public WaitLimits {
        Range.check("heartbeatSeconds", heartbeat, 30, 7200);
        Range.check("agentDeadlineSeconds", agentDeadline, 30, AWS_LIMIT.toSeconds());
        Range.check("launchDeadlineSeconds", launchDeadline, 1, AWS_LIMIT.toSeconds());
        if (hold.isNegative() || hold.compareTo(AWS_LIMIT) > 0) {
            throw new IllegalArgumentException(
                    "onFailure.holdMinutes must be 0 to " + AWS_LIMIT.toMinutes() + ", not " + hold.toMinutes());
        }
        Duration limit = longest(heartbeat);
        Duration end = launchDeadline.plus(hold);
        if (end.compareTo(limit) >= 0) {
            throw new IllegalArgumentException("launchDeadlineSeconds + hold must be less than " + limit.toSeconds()
                    + " (the smaller of 48 h and 100 x heartbeatSeconds), not " + end.toSeconds());
        }
    }

    /** The longest that AWS lets an instance wait at a hook with this heartbeat: min(48 h, 100 x heartbeat). */
    static Duration longest(Duration heartbeat) {
        return Collections.min(List.of(heartbeat.multipliedBy(100), AWS_LIMIT));
    }
}
