package dev.gantry.sandbox.autoscaling;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The sentences of an activity's Cause, in the words that public listings of DescribeScalingActivities show. Those
 * about warm pools are not quoted anywhere public and follow the others.
 */
final class Causes {
    private Causes() {}

    static String groupCreated(Instant now, int desired) {
        return at(now) + "a user request created an AutoScalingGroup changing the desired capacity from 0 to " + desired
                + ".";
    }

    static String desiredSet(Instant now, int from, int to) {
        return at(now) + "a user request explicitly set group desired capacity changing the desired capacity from "
                + from + " to " + to + ".";
    }

    static String groupUpdated(Instant now, int from, GroupSettings to) {
        return at(now) + "a user request update of AutoScalingGroup constraints to min: " + to.min() + ", max: "
                + to.max() + ", desired: " + to.desired() + " changing the desired capacity from " + from + " to "
                + to.desired() + ".";
    }

    static String started(Instant now, int from, int to) {
        return at(now)
                + "an instance was started in response to a difference between desired and actual capacity, increasing the"
                + " capacity from " + from + " to " + to + ".";
    }

    static String replacing(Instant now) {
        return at(now) + "an instance was launched in response to an unhealthy instance needing to be replaced.";
    }

    static String scaledIn(Instant now, int from, int to, String instanceId) {
        return at(now)
                + "an instance was taken out of service in response to a difference between desired and actual capacity,"
                + " shrinking the capacity from " + from + " to " + to + ".  " + at(now) + "instance " + instanceId
                + " was selected for termination.";
    }

    static String userHealthCheck(Instant now) {
        return at(now) + "an instance was taken out of service in response to a user health-check.";
    }

    static String ec2HealthCheck(Instant now) {
        return at(now)
                + "an instance was taken out of service in response to an EC2 health check indicating it has been"
                + " terminated or stopped.";
    }

    static String userRequest(Instant now, String instanceId) {
        return at(now) + "instance " + instanceId + " was taken out of service in response to a user request.";
    }

    static String userRequest(Instant now, String instanceId, int from, int to) {
        return at(now) + "instance " + instanceId
                + " was taken out of service in response to a user request, shrinking the capacity from " + from
                + " to "
                + to + ".";
    }

    static String groupDeleted(Instant now, String instanceId) {
        return at(now) + "a user request force deleted AutoScalingGroup.  " + at(now) + "instance " + instanceId
                + " was selected for termination.";
    }

    static String poolChanged(Instant now) {
        return at(now)
                + "an instance was started in response to a difference between the desired and actual capacity of"
                + " the warm pool.";
    }

    static String poolShrunk(Instant now, String instanceId) {
        return at(now)
                + "an instance was taken out of the warm pool in response to a difference between its desired and"
                + " actual capacity.  " + at(now) + "instance " + instanceId + " was selected for termination.";
    }

    /** {@code verb} is for example "moved to standby". */
    static String moved(Instant now, String instanceId, String verb) {
        return at(now) + "instance " + instanceId + " was " + verb + " in response to a user request.";
    }

    static String moved(Instant now, String instanceId, String verb, String direction, int from, int to) {
        return at(now) + "instance " + instanceId + " was " + verb + " in response to a user request, " + direction
                + " the capacity from " + from + " to " + to + ".";
    }

    /** {@code text} as it follows a time of whole seconds. */
    private static String at(Instant now) {
        return "At " + now.truncatedTo(ChronoUnit.SECONDS) + " ";
    }
}
