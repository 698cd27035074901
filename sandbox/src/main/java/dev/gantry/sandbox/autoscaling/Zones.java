package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.ec2.Ec2;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where and as what an instance is launched. */
final class Zones {
    /** An instance of an unknown launch template says that it is of this type. */
    private static final String INSTANCE_TYPE = "t3.small";

    private Zones() {}

    /** The zone with the fewest instances; the first one where several have as few. */
    static String leastUsed(Group group) {
        return group.settings().zones().stream()
                .min(Comparator.comparingLong(zone -> used(group, zone)))
                .orElseThrow(() -> new IllegalStateException("group " + group.name() + " has no Availability Zone"));
    }

    static long used(Group group, String zone) {
        return group.members().stream()
                .filter(m -> m.zone().equals(zone) && (m.serving() || m.warming()))
                .count();
    }

    static String instanceType(LaunchSource source) {
        if (source instanceof LaunchSource.Configuration configuration) {
            return configuration.instanceType();
        }
        return content(source).map(LaunchTemplates.Version::instanceType).orElse(INSTANCE_TYPE);
    }

    private static Optional<LaunchTemplates.Version> content(LaunchSource source) {
        return source instanceof LaunchSource.Template template ? template.content() : Optional.empty();
    }

    private static String userData(LaunchSource source) {
        if (source instanceof LaunchSource.Configuration configuration) {
            return configuration.userData();
        }
        return content(source).map(LaunchTemplates.Version::userData).orElse("");
    }

    static Ec2.LaunchSpec launchSpec(Group group, String zone) {
        Map<String, String> tags = new LinkedHashMap<>();
        group.tags().values().stream().filter(Tag::propagateAtLaunch).forEach(tag -> tags.put(tag.key(), tag.value()));
        tags.put("aws:autoscaling:groupName", group.name());
        LaunchSource source = group.settings().source();
        Optional<String> role = content(source).flatMap(LaunchTemplates.Version::role);
        return new Ec2.LaunchSpec(Map.copyOf(tags), instanceType(source), zone, userData(source), role);
    }

    /** Whether an instance in this EC2 state can still come up on its journey. */
    static boolean mayStillRun(Journey journey, String ec2State) {
        return ec2State.equals("pending")
                || (journey == Journey.SCALE_OUT && (ec2State.equals("stopped") || ec2State.equals("stopping")));
    }
}
