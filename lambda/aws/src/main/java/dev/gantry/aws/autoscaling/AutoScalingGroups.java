package dev.gantry.aws.autoscaling;

import dev.gantry.aws.AwsErrors;
import dev.gantry.aws.Batches;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.autoscaling.model.Instance;

/**
 * Groups, hooks and lifecycle states over EC2 Auto Scaling.
 *
 * <p>DescribeAutoScalingInstances takes at most 50 instance ids and answers at most 50 a page
 * (API_DescribeAutoScalingInstances). DescribeAutoScalingGroups answers at most 100 groups a page. It leaves the instances of
 * a warm pool out, so a group that has one costs a DescribeWarmPool too (API_DescribeWarmPool, at most 50 a page).
 */
public final class AutoScalingGroups implements Groups {
    private static final int INSTANCES = 50;
    private static final int GROUPS = 50;
    private static final String LAUNCH = "Launch";

    /** Auto Scaling's message, with the code ValidationError, for a completion that is too early or too late. */
    private static final String NO_ACTION = "No active Lifecycle Action";

    private final AutoScalingClient autoScaling;

    public AutoScalingGroups(AutoScalingClient autoScaling) {
        this.autoScaling = autoScaling;
    }

    @Override
    public Map<InstanceId, Member> describe(Collection<InstanceId> instances) {
        Map<InstanceId, Member> found = new HashMap<>();
        for (List<InstanceId> batch : Batches.of(instances, INSTANCES)) {
            call("DescribeAutoScalingInstances of " + batch.size() + " instances", () -> autoScaling
                            .describeAutoScalingInstancesPaginator(request -> request.instanceIds(batch.stream()
                                            .map(InstanceId::value)
                                            .toList())
                                    .maxRecords(INSTANCES))
                            .autoScalingInstances()
                            .stream()
                            .map(AutoScalingGroups::member)
                            .toList())
                    .forEach(member -> found.put(member.instance(), member));
        }
        return found;
    }

    @Override
    public Map<FleetName, List<Member>> members(Collection<FleetName> groups) {
        Map<FleetName, List<Member>> found = new HashMap<>();
        for (List<FleetName> batch : Batches.of(groups, GROUPS)) {
            for (AutoScalingGroup group : described(batch)) {
                FleetName name = new FleetName(group.autoScalingGroupName());
                List<Member> members = new ArrayList<>(members(name, group.instances()));
                if (group.warmPoolConfiguration() != null) {
                    members.addAll(members(name, warmPool(name)));
                }
                found.put(name, List.copyOf(members));
            }
        }
        return found;
    }

    private List<AutoScalingGroup> described(List<FleetName> batch) {
        return call("DescribeAutoScalingGroups of " + batch.size() + " groups", () -> autoScaling
                .describeAutoScalingGroupsPaginator(request -> request.autoScalingGroupNames(
                                batch.stream().map(FleetName::value).toList())
                        .maxRecords(GROUPS))
                .autoScalingGroups()
                .stream()
                .toList());
    }

    private List<Instance> warmPool(FleetName group) {
        return call("DescribeWarmPool of group " + group, () -> autoScaling
                .describeWarmPoolPaginator(
                        request -> request.autoScalingGroupName(group.value()).maxRecords(INSTANCES))
                .instances()
                .stream()
                .toList());
    }

    /** API_CompleteLifecycleAction: the token identifies the action; the instance id means whichever is active now. */
    @Override
    public ActionResult complete(
            FleetName group, String hook, InstanceId instance, Optional<String> token, Ending ending) {
        String result = ending.name();
        return act(
                "CompleteLifecycleAction " + result + " of " + at(group, hook, instance),
                () -> autoScaling.completeLifecycleAction(request -> request.autoScalingGroupName(group.value())
                        .lifecycleHookName(hook)
                        .instanceId(instance.value())
                        .lifecycleActionToken(token.orElse(null))
                        .lifecycleActionResult(result)));
    }

    @Override
    public ActionResult heartbeat(FleetName group, String hook, InstanceId instance) {
        return act(
                "RecordLifecycleActionHeartbeat of " + at(group, hook, instance),
                () -> autoScaling.recordLifecycleActionHeartbeat(request -> request.autoScalingGroupName(group.value())
                        .lifecycleHookName(hook)
                        .instanceId(instance.value())));
    }

    /** API_DescribeAutoScalingGroups: SuspendedProcesses, by users and by AWS's own administrative suspension. */
    @Override
    public boolean isLaunchSuspended(FleetName group) {
        return described(List.of(group)).stream()
                .flatMap(described -> described.suspendedProcesses().stream())
                .anyMatch(process -> LAUNCH.equals(process.processName()));
    }

    /** API_SuspendProcesses: without a list of processes it would suspend all of them. */
    @Override
    public void suspendLaunch(FleetName group) {
        call(
                "SuspendProcesses Launch of group " + group,
                () -> autoScaling.suspendProcesses(
                        request -> request.autoScalingGroupName(group.value()).scalingProcesses(LAUNCH)));
    }

    @Override
    public void resumeLaunch(FleetName group) {
        call(
                "ResumeProcesses Launch of group " + group,
                () -> autoScaling.resumeProcesses(
                        request -> request.autoScalingGroupName(group.value()).scalingProcesses(LAUNCH)));
    }

    private static ActionResult act(String what, Runnable action) {
        try {
            action.run();
            return ActionResult.ACCEPTED;
        } catch (SdkException e) {
            if (AwsErrors.message(e).contains(NO_ACTION)) {
                return ActionResult.NO_ACTIVE_ACTION;
            }
            throw AwsErrors.classify(what, e);
        }
    }

    private static <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw AwsErrors.classify(what, e);
        }
    }

    private static String at(FleetName group, String hook, InstanceId instance) {
        return "instance " + instance.value() + " at hook " + hook + " of group " + group;
    }

    private static Member member(AutoScalingInstanceDetails details) {
        return new Member(
                new InstanceId(details.instanceId()),
                new FleetName(details.autoScalingGroupName()),
                details.lifecycleState());
    }

    private static List<Member> members(FleetName group, Collection<Instance> instances) {
        return instances.stream()
                .map(instance ->
                        new Member(new InstanceId(instance.instanceId()), group, instance.lifecycleStateAsString()))
                .toList();
    }
}
