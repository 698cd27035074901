package dev.gantry.aws.ssm;

import dev.gantry.aws.AwsClients;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.Commands.Sent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

/**
 * Sends a bundle to instances that are in service, at a rate. The command is the one that a launch gets, with the same comment;
 * its run id is in no record of a launch, so the functions never count it for one.
 */
public final class RolloutSender {
    private final SsmClient sender;
    private final CommandRequests requests;

    /**
     * Over the client for SendCommand, which retries on throttling only.
     *
     * @param region of the bucket that holds the bundles
     */
    public RolloutSender(SsmClient sender, String region, String bucket) {
        this.sender = sender;
        this.requests = new CommandRequests(AwsClients.bundleUrls(region, bucket));
    }

    /**
     * How a command goes through its instances.
     *
     * @param concurrency so many at a time
     * @param errors after so many and one more Systems Manager begins on no other
     * @param isCheck Ansible's check mode: the document's parameter {@code Check}
     */
    public record Pace(int concurrency, int errors, boolean isCheck) {}

    /** Sends it to at most 50 of them; the answer has an outcome for each. */
    public Map<InstanceId, Sent> send(RunOrder order, Pace pace, Collection<InstanceId> instances) {
        return new CommandSender(sender, (wanted, part) -> paced(requests.of(wanted, part), pace))
                .send(order, instances);
    }

    private static SendCommandRequest paced(SendCommandRequest request, Pace pace) {
        Map<String, List<String>> parameters = new LinkedHashMap<>(request.parameters());
        parameters.put("Check", List.of(pace.isCheck() ? "True" : "False"));
        return request.toBuilder()
                .parameters(parameters)
                .maxConcurrency(Integer.toString(Math.max(1, pace.concurrency())))
                .maxErrors(Integer.toString(pace.errors()))
                .build();
    }
}
