package dev.gantry.aws.ssm;

import static dev.gantry.stored.Samples.NOW;
import static dev.gantry.stored.Samples.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Expected;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunQuery;
import dev.gantry.launch.stay.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KnownSuccessesTest {
    private static final Progress SUCCEEDED = new Progress.Ended(new Verdict.Succeeded());

    @Test
    void anAnswerAboutACommandSparesTheQuestionsAboutItsOtherInstances() {
        assertEquals(1, questions("Success", runOn(1), runOn(2), runOn(1)));
    }

    @Test
    void aRunThatIsUnderWayOrHasFailedIsAskedAboutEachTime() {
        assertEquals(3, questions("InProgress", runOn(1), runOn(2), runOn(1)));
        assertEquals(3, questions("Undeliverable", runOn(1), runOn(2), runOn(1)));
    }

    @Test
    void whatOneCallFindsOfManyCommandsIsNotAskedAboutOneByOne() {
        List<RunQuery> runs = IntStream.range(0, 8)
                .mapToObj(n -> new RunQuery("c" + n, instance(1), NOW))
                .toList();
        String all = runs.stream()
                .map(run -> invocation(run.command(), 1, "Success"))
                .collect(Collectors.joining(","));
        try (LoopbackAws aws = new LoopbackAws(call -> Response.json("{\"CommandInvocations\": [" + all + "]}"))) {
            assertEquals(8, commands(aws).progressOf(runs, Expected.SUCCESS).size());
            assertEquals(1, aws.calls().size());
        }
    }

    @Test
    void theSameInstanceIsAskedAboutForAnotherCommand() {
        assertEquals(2, questions("Success", runOn(1), new RunQuery("another", instance(1), NOW)));
    }

    @Test
    void theRunsThatWereLookedAtLongestAgoAreForgottenFirst() {
        KnownSuccesses successes = new KnownSuccesses();
        successes.remember(Map.of("first", Map.of(instance(1), SUCCEEDED)));
        successes.remember(Map.of("second", Map.of(instance(1), SUCCEEDED)));
        IntStream.range(2, KnownSuccesses.MOST).forEach(n -> successes.remember(command("c" + n)));
        assertEquals(
                1,
                successes.of(List.of(new RunQuery("first", instance(1), NOW))).size());
        successes.remember(command("last"));
        assertEquals(
                1,
                successes.of(List.of(new RunQuery("first", instance(1), NOW))).size());
        assertEquals(Map.of(), successes.of(List.of(new RunQuery("second", instance(1), NOW))));
    }

    private static Map<String, Map<InstanceId, Progress>> command(String id) {
        return Map.of(id, Map.of(instance(1), SUCCEEDED));
    }

    private static RunQuery runOn(int number) {
        return new RunQuery("command", instance(number), NOW);
    }

    /** How many calls it takes to ask about these runs, one after the other, if each of two instances has this status. */
    private static int questions(String status, RunQuery... runs) {
        try (LoopbackAws aws =
                new LoopbackAws(call -> answer(call.json().path("CommandId").asText(), status))) {
            SsmCommands commands = commands(aws);
            for (RunQuery run : runs) {
                Progress found = commands.progressOf(List.of(run), Expected.SUCCESS)
                        .get(run.command())
                        .get(run.instance());
                assertEquals(status.equals("Success"), found.equals(SUCCEEDED), found.toString());
            }
            return aws.calls().size();
        }
    }

    private static SsmCommands commands(LoopbackAws aws) {
        return new SsmCommands(aws.clients().ssm(), aws.clients().sender(), "eu-central-1", "gantry-sandbox");
    }

    private static Response answer(String command, String status) {
        return Response.json("{\"CommandInvocations\": [" + invocation(command, 1, status) + ","
                + invocation(command, 2, status) + "]}");
    }

    private static String invocation(String command, int number, String status) {
        return """
                {"CommandId": "%s", "InstanceId": "%s", "Status": "%s", "StatusDetails": "%s", "CommandPlugins": []}
                """
                .formatted(command, instance(number).value(), status, status);
    }
}
