package dev.gantry.sandbox.autoscaling;

import java.util.List;
import java.util.Optional;

/** The shapes of the answers, in the names of the model. */
final class Rendering {
    private Rendering() {}

    static void group(Xml xml, Group group, boolean withInstances) {
        GroupSettings settings = group.settings();
        xml.text("AutoScalingGroupName", group.name()).text("AutoScalingGroupARN", group.arn());
        source(xml, settings.source());
        xml.number("MinSize", settings.min())
                .number("MaxSize", settings.max())
                .number("DesiredCapacity", settings.desired())
                .number("DefaultCooldown", settings.cooldownSeconds())
                .texts("AvailabilityZones", settings.zones())
                .texts("LoadBalancerNames", List.of())
                .texts("TargetGroupARNs", settings.targetGroups())
                .text("HealthCheckType", settings.healthCheckType())
                .number("HealthCheckGracePeriod", settings.graceSeconds());
        List<Member> shown = withInstances
                ? group.members().stream().filter(m -> !m.state().warmed()).toList()
                : List.of();
        xml.list("Instances", shown, Rendering::instance)
                .moment("CreatedTime", group.created())
                .list("SuspendedProcesses", List.copyOf(group.suspended().entrySet()), (x, entry) -> x.text(
                                "ProcessName", entry.getKey().wire())
                        .text("SuspensionReason", entry.getValue()))
                .text("VPCZoneIdentifier", settings.vpcZoneIdentifier().orElse(""))
                .list("EnabledMetrics", List.copyOf(group.metrics()), (x, metric) -> x.text("Metric", metric)
                        .text("Granularity", "1Minute"));
        if (group.deleting()) {
            xml.text("Status", "Delete in progress");
        }
        xml.list("Tags", List.copyOf(group.tags().values()), (x, tag) -> tag(x, group, tag))
                .texts("TerminationPolicies", settings.terminationPolicies())
                .flag("NewInstancesProtectedFromScaleIn", settings.newInstancesProtected());
        settings.echoed().forEach(xml::text);
        group.warmPool().ifPresent(pool -> {
            warmPool(xml, pool);
            xml.number("WarmPoolSize", group.warmed().size());
        });
    }

    static void tag(Xml xml, Group group, Tag tag) {
        xml.text("ResourceId", group.name())
                .text("ResourceType", "auto-scaling-group")
                .text("Key", tag.key())
                .text("Value", tag.value())
                .flag("PropagateAtLaunch", tag.propagateAtLaunch());
    }

    static void warmPool(Xml xml, WarmPool pool) {
        xml.structure("WarmPoolConfiguration", () -> {
            pool.maxPrepared().ifPresent(max -> xml.number("MaxGroupPreparedCapacity", max));
            xml.number("MinSize", pool.minSize()).text("PoolState", pool.state().wire());
            if (pool.deleting()) {
                xml.text("Status", "PendingDelete");
            }
            if (pool.reuseOnScaleIn()) {
                xml.structure("InstanceReusePolicy", () -> xml.flag("ReuseOnScaleIn", true));
            }
        });
    }

    /** {@code Instance} of DescribeAutoScalingGroups and DescribeWarmPool. */
    static void instance(Xml xml, Member member) {
        described(xml, member, Optional.empty(), member.healthy() ? "Healthy" : "Unhealthy");
    }

    /** {@code AutoScalingInstanceDetails}: the same, with the group's name and another spelling of health. */
    static void instanceDetails(Xml xml, Member member, Group group) {
        described(xml, member, Optional.of(group.name()), member.healthy() ? "HEALTHY" : "UNHEALTHY");
    }

    private static void described(Xml xml, Member member, Optional<String> group, String health) {
        xml.text("InstanceId", member.id())
                .text("InstanceType", Zones.instanceType(member.source()))
                .text("AutoScalingGroupName", group)
                .text("AvailabilityZone", member.zone())
                .text("LifecycleState", member.state().wire())
                .text("HealthStatus", health);
        source(xml, member.source());
        xml.flag("ProtectedFromScaleIn", member.protectedFromScaleIn());
    }

    static void hook(Xml xml, Group group, Hook hook) {
        xml.text("LifecycleHookName", hook.name())
                .text("AutoScalingGroupName", group.name())
                .text("LifecycleTransition", hook.transition().wire())
                .text("NotificationTargetARN", hook.target())
                .text("RoleARN", hook.role())
                .text("NotificationMetadata", hook.metadata())
                .number("HeartbeatTimeout", (int) hook.heartbeat().toSeconds())
                .number("GlobalTimeout", (int) hook.globalTimeout().toSeconds())
                .text("DefaultResult", hook.defaultResult().name());
    }

    static void activity(Xml xml, Activity activity, boolean groupDeleted) {
        xml.text("ActivityId", activity.id())
                .text("AutoScalingGroupName", activity.groupName())
                .text("Description", activity.description())
                .text("Cause", activity.cause())
                .moment("StartTime", activity.start());
        activity.end().ifPresent(end -> xml.moment("EndTime", end));
        xml.text("StatusCode", activity.status().wire())
                .text("StatusMessage", activity.message().map(Rendering::shortened))
                .number("Progress", activity.status().progress())
                .text("Details", Notices.details(activity).toString());
        if (groupDeleted) {
            xml.text("AutoScalingGroupState", "Deleted");
        }
        xml.text("AutoScalingGroupARN", activity.groupArn());
    }

    private static void source(Xml xml, LaunchSource source) {
        if (source instanceof LaunchSource.Configuration configuration) {
            xml.text("LaunchConfigurationName", configuration.name());
        } else if (source instanceof LaunchSource.Template template) {
            xml.structure("LaunchTemplate", () -> xml.text("LaunchTemplateId", template.id())
                    .text("LaunchTemplateName", template.name())
                    .text("Version", template.version()));
        }
    }

    /** StatusMessage has at most 255 characters (model: {@code XmlStringMaxLen255}). */
    private static String shortened(String message) {
        return message.length() <= 255 ? message : message.substring(0, 255);
    }
}
