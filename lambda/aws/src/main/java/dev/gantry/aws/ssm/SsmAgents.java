package dev.gantry.aws.ssm;

import dev.gantry.aws.AwsErrors;
import dev.gantry.aws.Batches;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.stay.Agent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;
import software.amazon.awssdk.services.ssm.model.PingStatus;

/**
 * The agents' registrations over Systems Manager.
 *
 * <p>DescribeInstanceInformation answers 5 to 50 instances a page, takes at most 100 values in a filter, and leaves out the
 * instances that have never registered (API_DescribeInstanceInformation).
 */
public final class SsmAgents implements Agents {
    private static final int BATCH = 50;

    private final SsmClient ssm;

    public SsmAgents(SsmClient ssm) {
        this.ssm = ssm;
    }

    @Override
    public Map<InstanceId, Agent> describe(Collection<InstanceId> instances) {
        Map<InstanceId, Agent> found = new HashMap<>();
        for (List<InstanceId> batch : Batches.of(instances, BATCH)) {
            describe(batch, found);
        }
        return found;
    }

    private void describe(List<InstanceId> batch, Map<InstanceId, Agent> found) {
        InstanceInformationStringFilter filter = InstanceInformationStringFilter.builder()
                .key("InstanceIds")
                .values(batch.stream().map(InstanceId::value).toList())
                .build();
        try {
            ssm
                    .describeInstanceInformationPaginator(
                            request -> request.filters(List.of(filter)).maxResults(BATCH))
                    .stream()
                    .flatMap(page -> page.instanceInformationList().stream())
                    .forEach(information -> found.put(new InstanceId(information.instanceId()), agent(information)));
        } catch (SdkException e) {
            throw AwsErrors.classify("DescribeInstanceInformation of " + batch.size() + " instances", e);
        }
    }

    private static Agent agent(InstanceInformation information) {
        return new Agent(
                information.pingStatus() == PingStatus.ONLINE, Optional.ofNullable(information.lastPingDateTime()));
    }
}
