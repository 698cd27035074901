package dev.gantry.operator;

import dev.gantry.launch.port.Result;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where an instance lives whose agent does not come: what EC2 and IAM say of it, each part read by calls of its own.
 *
 * @param where which instance
 * @param machine empty where EC2 knows no such instance
 * @param profile the role that its agent has; empty where it has no instance profile
 * @param way how its subnet leads out
 * @param walls what its security groups let out
 * @param endpoints the interface endpoints of its VPC
 * @param lastWords the last lines of its console output about the agent, oldest first
 * @param addresses the quota of Elastic IP addresses: a NAT gateway needs one
 */
public record Surroundings(
        Where where,
        Result<Optional<Machine>> machine,
        Result<Optional<Profile>> profile,
        Result<Way> way,
        Result<Walls> walls,
        Result<List<Endpoint>> endpoints,
        Result<List<String>> lastWords,
        Result<Guarded.Quota> addresses) {

    /** An instance, and the Region that it was asked for in. */
    public record Where(String instance, String region) {}

    /**
     * The instance as EC2 describes it.
     *
     * @param state as EC2 says it: pending, running, stopped
     * @param hasMetadata whether the metadata service answers: its agent gets credentials there alone
     */
    public record Machine(String state, String subnet, String vpc, boolean hasPublicAddress, boolean hasMetadata) {}

    /**
     * The instance profile's role.
     *
     * @param name the role's; empty where the profile has none
     * @param missing what the agent needs and none of the role's policies allows
     */
    public record Profile(String profile, Optional<String> name, Set<String> missing) {}

    /** Where a subnet's default route leads. */
    public enum Out {
        /** No default route, or one that leads to what is gone. */
        NONE,
        INTERNET_GATEWAY,
        /** A NAT gateway, a transit gateway, an appliance: it works without an address of the instance's own. */
        OTHER
    }

    /**
     * The default route of a subnet.
     *
     * @param table the route table's id
     * @param isBlackhole whether its target is gone
     */
    public record Way(Out out, String table, boolean isBlackhole) {}

    /** What the security groups let out: whether HTTPS at all. */
    public record Walls(List<String> groups, boolean letsHttpsOut) {}

    /**
     * An interface endpoint.
     *
     * @param service without the Region, as in {@code ssmmessages}
     * @param letsIn whether its security groups let the instance in on 443
     */
    public record Endpoint(String id, String service, String state, boolean hasPrivateDns, boolean letsIn) {}
}
