package dev.gantry.sandbox.autoscaling;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client may set of a group.
 *
 * @param cooldownSeconds default 300 (API_CreateAutoScalingGroup)
 * @param zones the Availability Zones given, or, with subnets only, the zones that this stand-in places them in
 * @param graceSeconds health check grace period, 0 by default
 * @param targetGroups shown again; instances are registered with none, and their health is not asked for
 * @param echoed settings that change nothing here and are only shown again, by their names in the API
 */
record GroupSettings(
        int min,
        int max,
        int desired,
        int cooldownSeconds,
        List<String> zones,
        Optional<String> vpcZoneIdentifier,
        String healthCheckType,
        int graceSeconds,
        boolean newInstancesProtected,
        LaunchSource source,
        List<String> terminationPolicies,
        List<String> targetGroups,
        Map<String, String> echoed) {

    GroupSettings desiring(int capacity) {
        return new GroupSettings(
                min,
                max,
                capacity,
                cooldownSeconds,
                zones,
                vpcZoneIdentifier,
                healthCheckType,
                graceSeconds,
                newInstancesProtected,
                source,
                terminationPolicies,
                targetGroups,
                echoed);
    }

    List<String> subnets() {
        return vpcZoneIdentifier.stream()
                .flatMap(ids -> Arrays.stream(ids.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    /** The subnet of a zone: subnets are dealt over the zones in their order. */
    Optional<String> subnetIn(String zone) {
        List<String> subnets = subnets();
        int index = zones.indexOf(zone);
        return index < 0 || subnets.isEmpty() ? Optional.empty() : Optional.of(subnets.get(index % subnets.size()));
    }
}
