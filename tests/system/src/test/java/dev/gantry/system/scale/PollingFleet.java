package dev.gantry.system.scale;

import dev.gantry.sandbox.Cloud;
import dev.gantry.sandbox.Region;
import dev.gantry.sandbox.events.EventPattern;
import dev.gantry.sandbox.events.Rule;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/** The baseline's group, hook and bundle, and the rule that sends its launch events to the listener; Gantry is not there. */
final class PollingFleet implements Cloud.Part {
    static final String GROUP = "web";
    static final String HOOK = "polling";
    static final String BUCKET = "polling";
    static final String BUNDLE = "bundle.zip";

    private static final String LAUNCHES =
            """
            {"source": ["aws.autoscaling"], "detail-type": ["EC2 Instance-launch Lifecycle Action"]}
            """;

    private final Region region;
    private final Consumer<String> listener;

    /**
     * A fleet of the region.
     *
     * @param listener gets each launch event as JSON; must not block
     */
    PollingFleet(Region region, Consumer<String> listener) {
        this.region = region;
        this.listener = listener;
    }

    @Override
    public void build(Cloud cloud) {
        cloud.s3().createBucket(BUCKET);
        cloud.s3().put(BUCKET, BUNDLE, "the bundle".getBytes(StandardCharsets.UTF_8));
        cloud.events().put(new Rule("polling", EventPattern.parse(LAUNCHES), listener));
        region.autoScaling()
                .call(
                        "CreateLaunchConfiguration",
                        Map.of(
                                "LaunchConfigurationName", "example",
                                "ImageId", "ami-0123456789abcdef0",
                                "InstanceType", "t3.small"));
        String hook = "LifecycleHookSpecificationList.member.1.";
        region.autoScaling()
                .call(
                        "CreateAutoScalingGroup",
                        Map.of(
                                "AutoScalingGroupName",
                                GROUP,
                                "LaunchConfigurationName",
                                "example",
                                "MinSize",
                                "0",
                                "MaxSize",
                                "2000",
                                "DesiredCapacity",
                                "0",
                                "VPCZoneIdentifier",
                                "subnet-0123456789abcdef0",
                                hook + "LifecycleHookName",
                                HOOK,
                                hook + "LifecycleTransition",
                                "autoscaling:EC2_INSTANCE_LAUNCHING",
                                hook + "HeartbeatTimeout",
                                "3600",
                                hook + "DefaultResult",
                                "ABANDON"));
    }
}
