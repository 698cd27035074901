package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.agent.AgentCorpus.Result;
import dev.gantry.sandbox.ssm.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentCorpusTest {

    @Test
    void documentsEndAsTheRealAgentEndsThem() throws IOException, InterruptedException {
        List<CorpusRow> rows = CorpusRow.read(AgentCorpus.KEPT.resolve("documents.jsonl"));
        assertFalse(rows.isEmpty());
        List<Result> results = new AgentCorpus(AgentCorpus.KEPT.resolve("inner.json")).run(rows);
        assertEquals(
                "",
                String.join(
                        "\n",
                        results.stream()
                                .filter(Result::isUnexplained)
                                .map(result -> result.row().name() + ": " + String.join("\n  ", result.differences()))
                                .toList()));
        assertEquals(
                List.of(),
                results.stream()
                        .filter(result -> result.reason().isPresent()
                                && result.differences().isEmpty())
                        .map(result -> result.row().name() + " agrees, so its kept reason is out of date")
                        .toList());
    }

    @Test
    void differencesAreShownWithBothSides() {
        JsonNode real = Json.parse(
                        "{\"status\":\"Failed\",\"boots\":1,\"steps\":[{\"name\":\"a\",\"status\":\"Failed\","
                                + "\"code\":1,\"stdout\":{\"bytes\":3,\"begins\":\"x\",\"ends\":\"z\",\"sha256\":\"0\"},"
                                + "\"stderr\":\"\",\"output\":\"\"}]}")
                .orElseThrow();
        JsonNode ours = Json.parse(
                        "{\"status\":\"Success\",\"boots\":1,\"steps\":[{\"name\":\"a\",\"status\":\"Failed\","
                                + "\"code\":1,\"stdout\":\"xyz\",\"stderr\":\"\",\"output\":\"\"}]}")
                .orElseThrow();

        List<String> differences = CorpusDifferences.between(real, ours);

        assertEquals(2, differences.size());
        assertEquals("status is \"Success\", the real agent's \"Failed\"", differences.get(0));
        assertTrue(differences.get(1).startsWith("step a: stdout is \"xyz\""), differences.get(1));
        assertEquals(List.of(), CorpusDifferences.between(ours, ours));
    }
}
