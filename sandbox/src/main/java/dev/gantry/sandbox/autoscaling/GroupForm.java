package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.wire.AwsError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the settings of a group from CreateAutoScalingGroup and UpdateAutoScalingGroup, and checks them. */
final class GroupForm {
    private static final Set<String> HEALTH_CHECKS = Set.of("EC2", "EBS", "ELB", "VPC_LATTICE");
    private static final Set<String> POLICIES = Set.of(
            "Default",
            "AllocationStrategy",
            "ClosestToNextInstanceHour",
            "NewestInstance",
            "OldestInstance",
            "OldestLaunchConfiguration",
            "OldestLaunchTemplate");

    /** Settings without an effect on anything that the sandbox has; shown again as they were given. */
    private static final List<String> ECHOED = List.of(
            "PlacementGroup",
            "ServiceLinkedRoleARN",
            "MaxInstanceLifetime",
            "CapacityRebalance",
            "Context",
            "DesiredCapacityType",
            "DefaultInstanceWarmup");

    /** Features of AWS that the sandbox lacks: refused, so that they are not silently ignored. */
    private static final List<String> MISSING = List.of(
            "MixedInstancesPolicy",
            "InstanceId",
            "AvailabilityZoneIds",
            "LoadBalancerNames",
            "TrafficSources",
            "InstanceMaintenancePolicy",
            "DeletionProtection",
            "AvailabilityZoneImpairmentPolicy",
            "CapacityReservationSpecification",
            "InstanceLifecyclePolicy");

    private final String region;
    private final LaunchConfigurations configurations;
    private final LaunchTemplates templates;

    GroupForm(String region, LaunchConfigurations configurations, LaunchTemplates templates) {
        this.region = region;
        this.configurations = configurations;
        this.templates = templates;
    }

    GroupSettings created(Query query) {
        refuseMissing(query);
        int min = query.requiredInteger("MinSize", 0);
        int max = query.requiredInteger("MaxSize", 0);
        Optional<String> subnets = query.text("VPCZoneIdentifier", 1, 5_000);
        GroupSettings settings = new GroupSettings(
                min,
                max,
                query.integer("DesiredCapacity", 0, Integer.MAX_VALUE).orElse(min),
                query.integer("DefaultCooldown", 0, Integer.MAX_VALUE).orElse(300),
                zones(query, subnets),
                subnets,
                healthCheck(query).orElse("EC2"),
                query.integer("HealthCheckGracePeriod", 0, Integer.MAX_VALUE).orElse(0),
                query.flag("NewInstancesProtectedFromScaleIn").orElse(false),
                source(query).orElseThrow(GroupForm::noSource),
                policies(query).orElse(List.of("Default")),
                query.list("TargetGroupARNs"),
                echoed(query, Map.of()));
        return checked(settings);
    }

    GroupSettings updated(Query query, GroupSettings old) {
        refuseMissing(query);
        int min = query.integer("MinSize", 0, Integer.MAX_VALUE).orElse(old.min());
        int max = query.integer("MaxSize", 0, Integer.MAX_VALUE).orElse(old.max());
        Optional<String> subnets = query.text("VPCZoneIdentifier", 1, 5_000);
        boolean moved = subnets.isPresent() || !query.list("AvailabilityZones").isEmpty();
        GroupSettings settings = new GroupSettings(
                min,
                max,
                // Without a new desired capacity AWS moves the old one into the new bounds
                // (API_UpdateAutoScalingGroup).
                query.integer("DesiredCapacity", 0, Integer.MAX_VALUE)
                        .orElse(Math.max(min, Math.min(max, old.desired()))),
                query.integer("DefaultCooldown", 0, Integer.MAX_VALUE).orElse(old.cooldownSeconds()),
                moved ? zones(query, subnets) : old.zones(),
                subnets.or(old::vpcZoneIdentifier),
                healthCheck(query).orElse(old.healthCheckType()),
                query.integer("HealthCheckGracePeriod", 0, Integer.MAX_VALUE).orElse(old.graceSeconds()),
                query.flag("NewInstancesProtectedFromScaleIn").orElse(old.newInstancesProtected()),
                source(query).orElse(old.source()),
                policies(query).orElse(old.terminationPolicies()),
                old.targetGroups(),
                echoed(query, old.echoed()));
        return checked(settings);
    }

    private static GroupSettings checked(GroupSettings settings) {
        if (settings.max() < settings.min()) {
            throw Faults.validation(
                    "Max bound, " + settings.max() + ", must be greater than or equal to min bound, " + settings.min());
        }
        if (settings.desired() < settings.min() || settings.desired() > settings.max()) {
            throw Faults.validation("Desired capacity:" + settings.desired()
                    + " must be between the specified min size:" + settings.min() + " and max size:" + settings.max());
        }
        return settings;
    }

    private static void refuseMissing(Query query) {
        MISSING.stream().filter(query::has).findFirst().ifPresent(name -> {
            throw notImplemented(name);
        });
        // AWS's default, which Terraform's provider sends with each update (API_AvailabilityZoneDistribution).
        query.text("AvailabilityZoneDistribution.CapacityDistributionStrategy", 1, 255)
                .filter(strategy -> !strategy.equals("balanced-best-effort"))
                .ifPresent(strategy -> {
                    throw notImplemented("AvailabilityZoneDistribution " + strategy);
                });
    }

    private static AwsError notImplemented(String name) {
        return Faults.validation("The sandbox does not implement " + name + "; leave it out to go on");
    }

    private List<String> zones(Query query, Optional<String> subnets) {
        List<String> given = query.list("AvailabilityZones");
        given.stream()
                .filter(zone -> !zone.matches(region + "[a-z]"))
                .findFirst()
                .ifPresent(zone -> {
                    throw Faults.validation("Invalid Availability Zone: " + zone + " is not in region " + region);
                });
        if (!given.isEmpty()) {
            return given;
        }
        int count = subnets.map(ids -> ids.split(",", -1).length)
                .orElseThrow(() -> Faults.validation("At least one Availability Zone or VPC Subnet is required."));
        // There is no VPC to ask: the subnets are dealt over the first three zones.
        return List.of(region + "a", region + "b", region + "c").subList(0, Math.min(3, count));
    }

    private static Optional<String> healthCheck(Query query) {
        Optional<String> given = query.text("HealthCheckType", 1, 32);
        given.filter(types -> !Arrays.stream(types.split(",", -1)).allMatch(HEALTH_CHECKS::contains))
                .ifPresent(types -> {
                    throw Faults.validation("Invalid HealthCheckType: " + types);
                });
        return given;
    }

    private static Optional<List<String>> policies(Query query) {
        List<String> given = query.list("TerminationPolicies");
        given.stream().filter(name -> !POLICIES.contains(name)).findFirst().ifPresent(name -> {
            throw Faults.validation("Invalid termination policy: " + name);
        });
        return given.isEmpty() ? Optional.empty() : Optional.of(given);
    }

    private Optional<LaunchSource> source(Query query) {
        Optional<LaunchSource> configuration =
                query.text("LaunchConfigurationName", 1, 255).map(configurations::named);
        Optional<LaunchSource> template = query.structure("LaunchTemplate").map(this::template);
        if (configuration.isPresent() && template.isPresent()) {
            throw noSource();
        }
        return configuration.or(() -> template);
    }

    private LaunchSource template(Query query) {
        Optional<String> id = query.text("LaunchTemplateId", 1, 255);
        Optional<String> name = query.text("LaunchTemplateName", 3, 128);
        if (id.isPresent() == name.isPresent()) {
            throw Faults.validation("Valid requests must contain either launchTemplateId or LaunchTemplateName");
        }
        String version = query.text("Version", 1, 255).orElse("$Default");
        Optional<LaunchTemplates.Version> found = templates.find(id, name, version);
        return new LaunchSource.Template(
                found.map(LaunchTemplates.Version::id).or(() -> id).orElseGet(() -> templateId(name.orElseThrow())),
                found.map(LaunchTemplates.Version::name).or(() -> name),
                version,
                found);
    }

    /** An id for a template that is known by its name only; the same one each time. */
    private static String templateId(String name) {
        return "lt-" + String.format("%017x", Integer.toUnsignedLong(name.hashCode()));
    }

    private static Map<String, String> echoed(Query query, Map<String, String> old) {
        Map<String, String> all = new LinkedHashMap<>(old);
        ECHOED.forEach(name -> query.text(name).ifPresent(value -> all.put(name, value)));
        return Map.copyOf(all);
    }

    static List<Tag> tags(Query query) {
        List<Tag> tags = new ArrayList<>();
        for (Query tag : query.structures("Tags")) {
            tags.add(tag(tag));
        }
        if (tags.size() > 50) {
            throw Faults.limitExceeded("A group can have 50 tags at most");
        }
        return tags;
    }

    static Tag tag(Query query) {
        String key = query.required("Key", 1, 128);
        if (key.startsWith("aws:")) {
            throw Faults.validation("Reserved Tag Prefix - Tag keys cannot begin with 'aws:'");
        }
        query.text("ResourceType")
                .filter(type -> !type.equals("auto-scaling-group"))
                .ifPresent(type -> {
                    throw Faults.validation("Invalid resource type '" + type + "'");
                });
        String value = query.text("Value", 0, 256).orElse("");
        return new Tag(key, value, query.flag("PropagateAtLaunch").orElse(false));
    }

    private static AwsError noSource() {
        return Faults.validation(
                "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or"
                        + " MixedInstancesPolicy parameter.");
    }
}
