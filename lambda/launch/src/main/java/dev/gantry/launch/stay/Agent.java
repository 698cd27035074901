package dev.gantry.launch.stay;

import java.time.Instant;
import java.util.Optional;

/**
 * The SSM agent of an instance, as DescribeInstanceInformation shows it.
 *
 * @param online whether its PingStatus is Online
 * @param lastPing the time of its last ping; agents ping every five minutes
 */
public record Agent(boolean online, Optional<Instant> lastPing) {

    /** An agent that has never registered. */
    public static final Agent ABSENT = new Agent(false, Optional.empty());

    /**
     * Whether a command may be sent. After a stop and a start (warm pools) an agent can still be shown Online from before:
     * where the instance had an earlier stay, only a ping later than that stay's close counts.
     */
    public boolean isReachable(Optional<Instant> earlierStayClosed) {
        return online
                && (earlierStayClosed.isEmpty()
                        || lastPing.filter(earlierStayClosed.get()::isBefore).isPresent());
    }
}
