package dev.gantry.cli.account;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.Activity;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;

/** What only an operator needs to know about a group: its hooks, and its scaling activities. */
final class GroupReader {
    static final String LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING";
    /** API_DescribeScalingActivities: at most 100 a page, newest first. */
    private static final int PAGE = 100;

    private static final int MOST_PAGES = 5;

    private final AutoScalingClient autoScaling;

    GroupReader(AutoScalingClient autoScaling) {
        this.autoScaling = autoScaling;
    }

    List<LifecycleHook> hooks(FleetName group) {
        return Calls.said("DescribeLifecycleHooks of group " + group, () -> autoScaling
                .describeLifecycleHooks(request -> request.autoScalingGroupName(group.value()))
                .lifecycleHooks());
    }

    List<String> launchHooks(FleetName group) {
        return hooks(group).stream()
                .filter(hook -> LAUNCHING.equals(hook.lifecycleTransition()))
                .map(LifecycleHook::lifecycleHookName)
                .toList();
    }

    /** Those of the group's newest 500 that name the instance, oldest first. */
    List<Activity> activities(FleetName group, InstanceId instance) {
        return Calls.said("DescribeScalingActivities of group " + group, () -> autoScaling
                .describeScalingActivitiesPaginator(
                        request -> request.autoScalingGroupName(group.value()).maxRecords(PAGE))
                .stream()
                .limit(MOST_PAGES)
                .flatMap(page -> page.activities().stream())
                .filter(activity -> String.valueOf(activity.description()).contains(instance.value()))
                .map(activity ->
                        new Activity(activity.startTime(), activity.description(), String.valueOf(activity.cause())))
                .sorted(Comparator.comparing(Activity::startedAt))
                .toList());
    }
}
