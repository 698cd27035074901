package dev.gantry.sandbox.autoscaling;

import java.time.Instant;
import java.util.Optional;

/**
 * A scaling activity (model: {@code Activity}).
 *
 * @param sequence the order of beginning, for activities of the same millisecond
 * @param message why it failed or was cancelled
 * @param instanceId empty for a launch that EC2 refused
 */
record Activity(
        String id,
        long sequence,
        String groupName,
        String groupArn,
        String description,
        String cause,
        Instant start,
        Optional<Instant> end,
        Status status,
        Optional<String> message,
        Optional<String> instanceId,
        String zone,
        Optional<String> subnet) {

    /** {@code StatusCode}, with the Progress that goes with it (percent; only 0, 50 and 100 are quoted publicly). */
    enum Status {
        PRE_IN_SERVICE("PreInService", 30),
        IN_PROGRESS("InProgress", 0),
        HALFWAY("InProgress", 50),
        MID_LIFECYCLE_ACTION("MidLifecycleAction", 60),
        SUCCESSFUL("Successful", 100),
        FAILED("Failed", 100),
        CANCELLED("Cancelled", 100);

        private final String wire;
        private final int progress;

        Status(String wire, int progress) {
            this.wire = wire;
            this.progress = progress;
        }

        String wire() {
            return wire;
        }

        int progress() {
            return progress;
        }
    }

    Activity about(String instance) {
        return new Activity(
                id,
                sequence,
                groupName,
                groupArn,
                description + ": " + instance,
                cause,
                start,
                end,
                status,
                message,
                Optional.of(instance),
                zone,
                subnet);
    }

    Activity in(Status next) {
        return changed(description, Optional.empty(), next, Optional.empty());
    }

    Activity ended(Status last, Instant now) {
        return changed(description, Optional.of(now), last, Optional.empty());
    }

    /** Ended for a reason, which AWS appends to the description too. */
    Activity ended(Status last, Instant now, String reason) {
        return changed(description + ".  Status Reason: " + reason, Optional.of(now), last, Optional.of(reason));
    }

    boolean inProgress() {
        return end.isEmpty();
    }

    private Activity changed(String text, Optional<Instant> at, Status next, Optional<String> reason) {
        return new Activity(
                id, sequence, groupName, groupArn, text, cause, start, at, next, reason, instanceId, zone, subnet);
    }
}
