package dev.gantry.function.scale;

import dev.gantry.function.scale.Machines.Machine;
import java.util.List;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.autoscaling.model.CompleteLifecycleActionRequest;
import software.amazon.awssdk.services.autoscaling.model.CompleteLifecycleActionResponse;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsRequest;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsResponse;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingInstancesRequest;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingInstancesResponse;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.RecordLifecycleActionHeartbeatRequest;
import software.amazon.awssdk.services.autoscaling.model.RecordLifecycleActionHeartbeatResponse;

/** A hand-written client of Auto Scaling over one group; one for each execution environment. */
final class VirtualAutoScaling implements AutoScalingClient {
    static final String GROUP = "web";

    private final Api.Client api;
    private final Machines machines;

    VirtualAutoScaling(Api.Client api, Machines machines) {
        this.api = api;
        this.machines = machines;
    }

    /** At most 50, as the API reference says, so one page. */
    @Override
    public DescribeAutoScalingInstancesResponse describeAutoScalingInstances(
            DescribeAutoScalingInstancesRequest request) {
        if (request.instanceIds().size() > 50) {
            throw new IllegalArgumentException("DescribeAutoScalingInstances takes 50 InstanceIds");
        }
        return api.autoScaling("DescribeAutoScalingInstances", () -> DescribeAutoScalingInstancesResponse.builder()
                .autoScalingInstances(request.instanceIds().stream()
                        .flatMap(id -> machines.find(id).stream())
                        .map(VirtualAutoScaling::details)
                        .toList())
                .build());
    }

    private static AutoScalingInstanceDetails details(Machine machine) {
        return AutoScalingInstanceDetails.builder()
                .instanceId(machine.id)
                .autoScalingGroupName(GROUP)
                .lifecycleState(machine.state())
                .build();
    }

    @Override
    public DescribeAutoScalingGroupsResponse describeAutoScalingGroups(DescribeAutoScalingGroupsRequest request) {
        return api.autoScaling("DescribeAutoScalingGroups", () -> DescribeAutoScalingGroupsResponse.builder()
                .autoScalingGroups(AutoScalingGroup.builder()
                        .autoScalingGroupName(GROUP)
                        .instances(instances())
                        .build())
                .build());
    }

    private List<Instance> instances() {
        return machines.launched().stream()
                .map(machine -> Instance.builder()
                        .instanceId(machine.id)
                        .lifecycleState(machine.state())
                        .build())
                .toList();
    }

    @Override
    public CompleteLifecycleActionResponse completeLifecycleAction(CompleteLifecycleActionRequest request) {
        return api.autoScaling("CompleteLifecycleAction", () -> {
            if (!machines.complete(request.instanceId(), request.lifecycleActionResult())) {
                throw noActiveAction(request.instanceId());
            }
            return CompleteLifecycleActionResponse.builder().build();
        });
    }

    @Override
    public RecordLifecycleActionHeartbeatResponse recordLifecycleActionHeartbeat(
            RecordLifecycleActionHeartbeatRequest request) {
        return api.autoScaling("RecordLifecycleActionHeartbeat", () -> {
            if (machines.find(request.instanceId())
                    .filter(m -> m.served.isEmpty())
                    .isEmpty()) {
                throw noActiveAction(request.instanceId());
            }
            return RecordLifecycleActionHeartbeatResponse.builder().build();
        });
    }

    private static RuntimeException noActiveAction(String instance) {
        return AutoScalingException.builder()
                .awsErrorDetails(
                        Api.error("ValidationError", "No active Lifecycle Action found with instance ID " + instance))
                .statusCode(400)
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
