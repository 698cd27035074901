package dev.gantry.sandbox.agent;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What can be set about the agents.
 *
 * @param region goes into {@code AWS_SSM_REGION_NAME}
 * @param version as the agent reports itself
 * @param understandsEnvVar whether {@code interpolationType: ENV_VAR} is honoured (agents from 3.3.2746.0); an older
 *     agent puts the raw text into the script
 * @param registration when an agent registers after its machine has booted
 */
public record AgentOptions(String region, String version, boolean understandsEnvVar, Registration registration) {
    private static final String NEW_AGENT = "3.3.2746.0";
    private static final String OLD_AGENT = "3.3.1142.0";

    /** A current agent that registers after a fixed delay. */
    public static AgentOptions standard(String region, Duration registrationDelay) {
        return new AgentOptions(region, NEW_AGENT, true, (instanceId, tags) -> Optional.of(registrationDelay));
    }

    /** The same with an agent from before {@code ENV_VAR}. */
    public AgentOptions oldAgent() {
        return new AgentOptions(region, OLD_AGENT, false, registration);
    }

    /** The same with registration decided for each instance. */
    public AgentOptions withRegistration(Registration other) {
        return new AgentOptions(region, version, understandsEnvVar, other);
    }

    /** Decides how long after boot an agent registers; empty for one that never does. */
    public interface Registration {
        Optional<Duration> delay(String instanceId, Map<String, String> tags);
    }
}
