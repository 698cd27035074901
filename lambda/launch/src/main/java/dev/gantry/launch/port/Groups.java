package dev.gantry.launch.port;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Auto Scaling, as far as a gate needs it. Every call may throw a {@link dev.gantry.launch.error.GantryException}. */
public interface Groups {

    /** What Auto Scaling says now about these instances; those that are in no group are absent from the answer. */
    Map<InstanceId, Member> describe(Collection<InstanceId> instances);

    /** The instances of these groups; a group that does not exist is absent from the answer. */
    Map<FleetName, List<Member>> members(Collection<FleetName> groups);

    /**
     * Completes the hook's action.
     *
     * @param token names the action; without one AWS takes the instance's present action, whichever gate it is at
     */
    ActionResult complete(FleetName group, String hook, InstanceId instance, Optional<String> token, Ending ending);

    /** Restarts the hook's heartbeat. */
    ActionResult heartbeat(FleetName group, String hook, InstanceId instance);

    /** Whether the group's Launch process is suspended, by Gantry or by anything else. */
    boolean isLaunchSuspended(FleetName group);

    /** Suspends the group's Launch process; idempotent. */
    void suspendLaunch(FleetName group);

    /** Resumes the group's Launch process; idempotent. */
    void resumeLaunch(FleetName group);

    /**
     * An instance of a group.
     *
     * @param state its LifecycleState, as AWS writes it
     */
    record Member(InstanceId instance, FleetName group, String state) {}

    /** How a hook's action ends, in the API's words. */
    enum Ending {
        /** The instance goes on. */
        CONTINUE,
        /** The instance is terminated. */
        ABANDON
    }

    /** AWS's answer to a completion or a heartbeat. */
    enum ActionResult {
        ACCEPTED,
        /** "No active Lifecycle Action found": not yet, or no longer; the LifecycleState shows which. */
        NO_ACTIVE_ACTION
    }
}
