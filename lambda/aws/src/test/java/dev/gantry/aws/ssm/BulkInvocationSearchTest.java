package dev.gantry.aws.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Expected;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunQuery;
import dev.gantry.launch.stay.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkInvocationSearchTest {
    private static final Instant CLAIMED = Instant.parse("2026-01-01T12:00:00.600Z");
    private static final String DONE = "{\\\"gantry\\\":1,\\\"ok\\\":true}";
    private static final String NO_HOST = "PLAY [web] ***\\nskipping: no hosts matched\\n\\nPLAY RECAP ***\\n";
    private static final Progress SUCCEEDED = new Progress.Ended(new Verdict.Succeeded());

    private final List<JsonNode> requests = new ArrayList<>();

    private static InstanceId instance(int n) {
        return new InstanceId(String.format("i-%017x", n));
    }

    /** One run of each of this many commands, claimed a second apart. */
    private static List<RunQuery> runs(int commands) {
        return IntStream.range(0, commands)
                .mapToObj(n -> new RunQuery("c" + n, instance(n), CLAIMED.plusSeconds(n)))
                .toList();
    }

    private static String invocation(String command, String instance, String status, String output) {
        return """
                {"CommandId": "%s", "InstanceId": "%s", "Status": "%s", "StatusDetails": "%s",
                 "CommandPlugins": [{"Name": "runShellScript", "Status": "%s", "Output": "%s"}]}
                """
                .formatted(command, instance, status, status, status, output);
    }

    private static String succeeded(int n) {
        return invocation("c" + n, instance(n).value(), "Success", DONE);
    }

    private static Response page(String next, String... invocations) {
        return Response.json("{\"CommandInvocations\": [" + String.join(",", invocations) + "]"
                + (next.isEmpty() ? "" : ", \"NextToken\": \"" + next + "\"") + "}");
    }

    private Map<String, Map<InstanceId, Progress>> find(
            List<RunQuery> runs, Expected expected, Function<Call, Response> answers) {
        Function<Call, Response> heard = call -> {
            requests.add(call.json());
            return answers.apply(call);
        };
        try (LoopbackAws aws = new LoopbackAws(heard)) {
            return new TreeMap<>(new BulkInvocationSearch(aws.clients().ssm()).find(runs, expected));
        }
    }

    @Test
    void fewCommandsAreAskedAboutOneByOne() {
        assertEquals(Map.of(), find(runs(7), Expected.ANYTHING, call -> page("")));
        assertEquals(List.of(), requests);
    }

    @Test
    void manyAreFoundByOneCallBetweenTheirTimes() {
        String[] all = IntStream.range(0, 8)
                .mapToObj(BulkInvocationSearchTest::succeeded)
                .toArray(String[]::new);

        Map<String, Map<InstanceId, Progress>> found = find(runs(8), Expected.SUCCESS, call -> page("more", all));

        assertEquals(8, found.size());
        assertEquals(Map.of(instance(3), SUCCEEDED), found.get("c3"));
        assertEquals(1, requests.size(), "nothing is missing, so nothing more is asked");
        assertEquals(
                Map.of(
                        "InvokedAfter", "2026-01-01T11:59:59Z",
                        "InvokedBefore", "2026-01-01T12:00:10Z",
                        "Status", "Success"),
                filters(requests.get(0)));
        assertEquals(50, requests.get(0).path("MaxResults").intValue());
    }

    @Test
    void ifAnyStateIsExpectedRunsUnderWayAreFoundToo() {
        Map<String, Map<InstanceId, Progress>> found = find(
                runs(8),
                Expected.ANYTHING,
                call -> page("", invocation("c1", instance(1).value(), "InProgress", "")));

        assertEquals(Map.of("c1", Map.of(instance(1), new Progress.UnderWay("InProgress"))), found);
        assertEquals(
                Set.of("InvokedAfter", "InvokedBefore"),
                filters(requests.get(0)).keySet());
    }

    @Test
    void failedRunsRunsWithoutATaskAndOtherNodesAreAskedAboutOneByOne() {
        Map<String, Map<InstanceId, Progress>> found = find(
                runs(8),
                Expected.ANYTHING,
                call -> page(
                        "",
                        invocation("c1", instance(1).value(), "Failed", ""),
                        invocation("c2", instance(2).value(), "Success", NO_HOST),
                        invocation("c3", "mi-0123456789abcdef0", "Success", DONE)));

        assertEquals(Map.of(), found);
    }

    @Test
    void pagesAreReadUntilNothingIsMissingOrHalfAsManyAsCommandsWereRead() {
        find(runs(9), Expected.ANYTHING, call -> page("next", succeeded(0)));

        assertEquals(4, requests.size());
        assertEquals("", requests.get(0).path("NextToken").asText());
        assertEquals("next", requests.get(1).path("NextToken").asText());
    }

    @Test
    void anEmptyTokenIsTheLastPage() {
        find(runs(8), Expected.ANYTHING, call -> Response.json("{\"CommandInvocations\": [], \"NextToken\": \"\"}"));
        assertEquals(1, requests.size());
    }

    @Test
    void aRefusalIsClassifiedAndSaysHowManyRunsWereAskedAbout() {
        String said = assertThrows(
                        GantryException.Misconfigured.class,
                        () -> find(
                                runs(8),
                                Expected.ANYTHING,
                                call -> Response.error(400, "AccessDeniedException", "not authorized")))
                .getMessage();
        assertTrue(said.contains("ListCommandInvocations of 8 runs"), said);
    }

    private static Map<String, String> filters(JsonNode request) {
        Map<String, String> filters = new TreeMap<>();
        request.path("Filters")
                .forEach(filter -> filters.put(
                        filter.path("key").asText(), filter.path("value").asText()));
        return filters;
    }
}
