package dev.gantry.sandbox.ssm;

import java.util.Map;

/**
 * What an agent says of its machine when it registers.
 *
 * @param tags the EC2 instance's tags, by which commands are targeted
 * @param agentVersion three or four numbers, for example {@code 3.3.2746.0}
 */
public record NodeInfo(
        String instanceId,
        String ipAddress,
        String computerName,
        String platformName,
        String platformVersion,
        String agentVersion,
        Map<String, String> tags) {

    public NodeInfo {
        tags = Map.copyOf(tags);
    }
}
