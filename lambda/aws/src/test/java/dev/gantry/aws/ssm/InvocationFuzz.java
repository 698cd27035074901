package dev.gantry.aws.ssm;

import dev.gantry.aws.fuzz.Holds;
import dev.gantry.aws.fuzz.Parts;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.stored.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationRequest;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsRequest;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsResponse;
import software.amazon.awssdk.services.ssm.paginators.ListCommandInvocationsIterable;

/**
 * The input is what Systems Manager says of one invocation: status, details, a line {@code name,status,code} for each step,
 * their output in the list, standard output, standard error. With an empty standard output GetCommandInvocation answers that
 * it does not know the invocation.
 */
final class InvocationFuzz {
    private static final String COMMAND = "11111111-2222-3333-4444-555555555555";
    private static final InstanceId INSTANCE = Samples.instance(1);
    private static final int TAIL = 4_000;

    private InvocationFuzz() {}

    static void take(byte[] input) {
        List<String> parts = Parts.of(input, 6);
        SsmClient ssm = new OneInvocation(parts);
        Map<InstanceId, Progress> progress = new SsmCommands(ssm, ssm, "eu-central-1", "gantry-sandbox")
                .progress(Set.of(COMMAND))
                .getOrDefault(COMMAND, Map.of());
        Holds.equal(Set.of(INSTANCE), progress.keySet(), "instances of the command");
        if (progress.get(INSTANCE) instanceof Progress.Ended ended) {
            check(ended.verdict());
        }
    }

    private static void check(Verdict verdict) {
        if (verdict instanceof Verdict.RunFailed failed) {
            Holds.that(!failed.failure().message().isBlank(), "a failure without a message");
            Holds.that(!failed.failure().summary().isBlank(), "a failure without a summary");
            Holds.that(
                    failed.failure().tail().length() <= TAIL,
                    "a tail of " + failed.failure().tail().length());
        } else if (verdict instanceof Verdict.Refused refused) {
            Holds.that(!refused.detail().isBlank(), "a refusal without a reason");
        } else if (verdict instanceof Verdict.Undelivered undelivered) {
            Holds.that(!undelivered.detail().isBlank(), "an undelivered run without a reason");
        }
    }

    /** A hand-written client of one invocation. */
    private record OneInvocation(List<String> parts) implements SsmClient {

        @Override
        public ListCommandInvocationsIterable listCommandInvocationsPaginator(ListCommandInvocationsRequest request) {
            return new ListCommandInvocationsIterable(this, request);
        }

        @Override
        public ListCommandInvocationsResponse listCommandInvocations(ListCommandInvocationsRequest request) {
            return ListCommandInvocationsResponse.builder()
                    .commandInvocations(CommandInvocation.builder()
                            .commandId(COMMAND)
                            .instanceId(INSTANCE.value())
                            .status(parts.get(0))
                            .statusDetails(parts.get(1))
                            .commandPlugins(parts.get(2).lines().map(this::step).toList())
                            .build())
                    .build();
        }

        private CommandPlugin step(String line) {
            List<String> fields = Arrays.asList((line + ",,").split(",", -1));
            CommandPlugin.Builder step = CommandPlugin.builder()
                    .name(fields.get(0))
                    .status(fields.get(1))
                    .output(parts.get(3));
            if (fields.get(2).matches("-?\\d{1,9}")) {
                step.responseCode(Integer.parseInt(fields.get(2)));
            }
            return step.build();
        }

        @Override
        public GetCommandInvocationResponse getCommandInvocation(GetCommandInvocationRequest request) {
            if (parts.get(4).isEmpty()) {
                throw InvocationDoesNotExistException.builder()
                        .message("unknown")
                        .build();
            }
            return GetCommandInvocationResponse.builder()
                    .standardOutputContent(parts.get(4))
                    .standardErrorContent(parts.get(5))
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
}
