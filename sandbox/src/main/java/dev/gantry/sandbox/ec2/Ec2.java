package dev.gantry.sandbox.ec2;

import java.util.Map;
import java.util.Optional;

/** The instances of the sandbox: Auto Scaling launches, stops and terminates them, and an SSM agent runs on each. */
public interface Ec2 {

    /** Begins to launch an instance and returns its id ({@code i-} and 17 hex digits) at once. */
    String launch(LaunchSpec spec);

    /** Stops an instance (warm pools); returns at once. Unknown and terminated ids are ignored. */
    void stop(String instanceId);

    /** Starts a stopped instance again; its agent has to register anew. */
    void start(String instanceId);

    /** Terminates an instance and frees what it holds; returns at once. Unknown ids are ignored. */
    void terminate(String instanceId);

    Optional<Instance> find(String instanceId);

    /**
     * What an instance is launched from.
     *
     * @param tags includes {@code aws:autoscaling:groupName}, as Auto Scaling sets it
     * @param instanceType for example {@code t3.small}
     * @param availabilityZone for example {@code eu-central-1a}
     * @param userData runs at first boot on a real instance: a script, or cloud-config; empty for none
     * @param role as whose session the instance calls AWS; empty for the sandbox's own instance role
     */
    record LaunchSpec(
            Map<String, String> tags,
            String instanceType,
            String availabilityZone,
            String userData,
            Optional<String> role) {
        /** One whose launch source names no instance profile. */
        public LaunchSpec(Map<String, String> tags, String instanceType, String availabilityZone, String userData) {
            this(tags, instanceType, availabilityZone, userData, Optional.empty());
        }
    }

    /**
     * An instance as DescribeInstances would show it.
     *
     * @param state pending, running, stopping, stopped, shutting-down or terminated
     */
    record Instance(String id, LaunchSpec spec, String state, String privateIp) {}
}
