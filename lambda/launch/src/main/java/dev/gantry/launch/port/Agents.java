package dev.gantry.launch.port;

import dev.gantry.launch.Agent;
import dev.gantry.launch.InstanceId;
import java.util.Collection;
import java.util.Map;

/** The SSM agents' registrations. */
public interface Agents {

    /**
     * The agents of these instances; instances without a registration are absent from the answer.
     *
     * @throws dev.gantry.launch.GantryException where Systems Manager does not answer well
     */
    Map<InstanceId, Agent> describe(Collection<InstanceId> instances);
}
