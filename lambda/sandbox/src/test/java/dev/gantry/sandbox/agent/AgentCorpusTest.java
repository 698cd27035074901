package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.gantry.sandbox.agent.AgentCorpus.Result;
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
}
