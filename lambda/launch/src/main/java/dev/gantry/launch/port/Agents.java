package dev.gantry.launch.port;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Agent;
import java.util.Collection;
import java.util.Map;

/** The SSM agents' registrations. */
public interface Agents {

    /**
     * The agents of these instances; instances without a registration are absent from the answer.
     *
     * @throws dev.gantry.launch.error.GantryException if the call to Systems Manager fails
     */
    Map<InstanceId, Agent> describe(Collection<InstanceId> instances);
}
