package dev.gantry.aws.ssm;

import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.Commands.Sent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

/**
 * Sends a run, so that one absent agent does not fail the other instances, and no instance gets the command twice.
 *
 * <p>SendCommand refuses the whole batch with InvalidInstanceId if one instance has not registered. Today the message often
 * names these instances ({@code Instances [[i-...]] not in a valid state for account}), and sometimes names none
 * (aws/aws-cli#3646). Named instances are left out and the rest is sent; if none is named, the batch is halved. The parts have
 * the same run id.
 *
 * <p>The client must retry on throttling only: SendCommand has no client token.
 */
final class CommandSender {
    private static final Pattern INSTANCE = Pattern.compile("\\bi-[0-9a-f]{8,17}\\b");

    private final SsmClient sender;
    private final BiFunction<RunOrder, List<InstanceId>, SendCommandRequest> requests;

    /**
     * Over one client.
     *
     * @param requests the request for an order and some of its instances
     */
    CommandSender(SsmClient sender, BiFunction<RunOrder, List<InstanceId>, SendCommandRequest> requests) {
        this.sender = sender;
        this.requests = requests;
    }

    Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
        List<InstanceId> batch = List.copyOf(new TreeSet<>(instances));
        if (batch.size() > Commands.BATCH) {
            throw new IllegalArgumentException(
                    "SendCommand takes " + Commands.BATCH + " instances, not " + batch.size());
        }
        Map<InstanceId, Sent> outcomes = new LinkedHashMap<>();
        if (!batch.isEmpty()) {
            send(order, batch, outcomes);
        }
        return outcomes;
    }

    private void send(RunOrder order, List<InstanceId> part, Map<InstanceId, Sent> outcomes) {
        try {
            String command =
                    sender.sendCommand(requests.apply(order, part)).command().commandId();
            all(part, new Sent.Accepted(command), outcomes);
        } catch (InvalidInstanceIdException e) {
            sendWithoutCulprits(order, part, e, outcomes);
        } catch (SdkException e) {
            all(part, outcomeOf(e, subject(order), describe(order, part)), outcomes);
        }
    }

    private void sendWithoutCulprits(
            RunOrder order, List<InstanceId> part, InvalidInstanceIdException error, Map<InstanceId, Sent> outcomes) {
        List<InstanceId> named = named(part, error);
        if (part.size() == 1) {
            all(part, new Sent.NotRegistered(), outcomes);
        } else if (named.isEmpty()) {
            send(order, part.subList(0, part.size() / 2), outcomes);
            send(order, part.subList(part.size() / 2, part.size()), outcomes);
        } else {
            all(named, new Sent.NotRegistered(), outcomes);
            List<InstanceId> rest = new ArrayList<>(part);
            rest.removeAll(named);
            if (!rest.isEmpty()) {
                send(order, rest, outcomes);
            }
        }
    }

    private static List<InstanceId> named(List<InstanceId> part, InvalidInstanceIdException error) {
        List<String> ids = INSTANCE.matcher(AwsErrors.rawMessage(error))
                .results()
                .map(match -> match.group())
                .toList();
        return part.stream().filter(instance -> ids.contains(instance.value())).toList();
    }

    private static Sent outcomeOf(SdkException error, String subject, String what) {
        return AwsErrors.isCertainRefusal(error)
                ? new Sent.Refused(AwsErrors.classify(subject, what, error))
                : new Sent.Unclear(AwsErrors.classify(what, error).getMessage());
    }

    private static void all(List<InstanceId> part, Sent outcome, Map<InstanceId, Sent> outcomes) {
        part.forEach(instance -> outcomes.put(instance, outcome));
    }

    private static String describe(RunOrder order, List<InstanceId> part) {
        return "SendCommand " + order.run() + " on " + part.size() + " instances of " + fleet(order);
    }

    /** A stable subject: without the run and the number of instances, which differ in each try. */
    private static String subject(RunOrder order) {
        return "SendCommand for " + fleet(order);
    }

    private static String fleet(RunOrder order) {
        return "fleet " + order.fleet().name() + " with document "
                + order.fleet().document().name() + ":"
                + order.fleet().document().version();
    }
}
