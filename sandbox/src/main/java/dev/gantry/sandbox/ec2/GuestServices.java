package dev.gantry.sandbox.ec2;

import java.util.Map;

/**
 * What real machines can reach of the sandbox.
 *
 * @param metadataPort where the metadata service listens on the bridge; machines reach it as 169.254.169.254, port 80
 * @param environment goes into /etc/environment of each machine: our own tools' AWS_ENDPOINT_URL, for example.
 *     Systemd's units and the agent's scripts do not read that file; logins do.
 */
public record GuestServices(int metadataPort, Map<String, String> environment) {

    public GuestServices {
        environment = Map.copyOf(environment);
    }
}
