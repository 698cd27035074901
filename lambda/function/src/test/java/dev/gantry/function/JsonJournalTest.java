package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.EventType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class JsonJournalTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Map<String, String> REASON = Map.of("fleet", "web", "task", "Start the service");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<String> pages = new ArrayList<>();

    private JsonJournal journal(Pager pager) {
        return new JsonJournal(new PrintStream(out, true, StandardCharsets.UTF_8), () -> NOW, pager);
    }

    private List<JsonNode> lines() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(JsonJournalTest::json)
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    @Test
    void aPageCarriesItsReasonToThePager() {
        journal(pages::add).page(EventType.ABANDONED, "instance i-1 is abandoned: its playbook failed", REASON);

        JsonNode page = json(pages.get(0));
        assertEquals(
                "instance i-1 is abandoned: its playbook failed",
                page.path("text").asText());
        assertEquals("Start the service", page.path("task").asText());
        assertEquals("2026-01-31T12:00:00Z", page.path("time").asText());
        assertEquals(lines().get(0).path("log_id"), page.path("log_id"), "so that the line is found");
    }

    @Test
    void aLineOfAFleetIsCountedByFleetExceptForFailedCallsWhichOneAlarmCounts() {
        JsonJournal journal = journal(pages::add);
        journal.log(EventType.PROCEEDED, Map.of("fleet", "web"));
        journal.log(EventType.SWEPT, Map.of());
        journal.log(EventType.LOOK_FAILED, Map.of("fleet", "web"));
        journal.log(EventType.RUNS_NOT_LEARNED, Map.of("fleet", "web"));

        assertEquals("[[\"fleet\"]]", dimensions(0));
        assertEquals("[[]]", dimensions(1));
        assertEquals("[[]]", dimensions(2));
        assertEquals("[[]]", dimensions(3));
    }

    @Test
    void aLineOfNoFleetIsCountedByItsEnvironment() {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        JsonJournal journal = new JsonJournal(stream, () -> NOW, pages::add, PageMarks.NONE, Optional.of("gantry-dev"));
        journal.log(EventType.DEFECT, Map.of());
        journal.log(EventType.PROCEEDED, Map.of("fleet", "web"));

        assertEquals("[[\"environment\"]]", dimensions(0), "or dev's defects would page for prod");
        assertEquals("gantry-dev", lines().get(0).path("environment").asText());
        assertEquals("[[\"fleet\"]]", dimensions(1), "a group's name says which environment it is of");
    }

    private String dimensions(int line) {
        return lines().get(line).at("/_aws/CloudWatchMetrics/0/Dimensions").toString();
    }

    @Test
    void aPageHasNothingOfTheMetric() {
        journal(pages::add).page(EventType.ABANDONED, "why", REASON);

        assertTrue(lines().get(0).has("_aws"));
        assertFalse(json(pages.get(0)).has("_aws"));
        assertFalse(json(pages.get(0)).has("Abandoned"));
    }

    @Test
    void aLineThatIsNoPageIsNotSent() {
        journal(pages::add).log(EventType.PROCEEDED, Map.of("fleet", "web"));

        assertEquals(List.of(), pages);
        assertEquals(1, lines().size());
    }

    @Test
    void aPageThatCannotBeSentIsInTheLogAndStopsNothing() {
        Pager broken = page -> {
            throw new GantryException.Misconfigured("SendMessage to the pager queue: AccessDenied");
        };

        journal(broken).page(EventType.ABANDONED, "why", REASON);

        assertEquals("abandoned", lines().get(0).path("log_type").asText());
        assertEquals("page_not_sent", lines().get(1).path("log_type").asText());
        assertEquals("abandoned", lines().get(1).path("of").asText());
        assertEquals(1, lines().get(1).path("PagesNotSent").asInt());
    }

    @Test
    void aPageThatIsTooLongKeepsItsSentence() {
        String tail = "ü".repeat(JsonJournal.PAGE_BYTES);

        journal(pages::add).page(EventType.ABANDONED, "why", Map.of("tail", tail));

        JsonNode page = json(pages.get(0));
        assertEquals("why", page.path("text").asText());
        assertFalse(page.has("tail"));
        assertTrue(page.has("cut"));
        assertEquals(tail, lines().get(0).path("tail").asText(), "the log has all of it");
    }

    @Test
    void aPageThatIsJustNotTooLongIsSentWhole() {
        JsonJournal journal = journal(pages::add);
        journal.page(EventType.ABANDONED, "why", Map.of("tail", ""));
        int empty = pages.get(0).length();

        journal.page(EventType.ABANDONED, "why", Map.of("tail", "x".repeat(JsonJournal.PAGE_BYTES - empty)));
        journal.page(EventType.ABANDONED, "why", Map.of("tail", "x".repeat(JsonJournal.PAGE_BYTES - empty + 1)));

        assertEquals(JsonJournal.PAGE_BYTES, pages.get(1).length());
        assertFalse(json(pages.get(1)).has("cut"));
        assertTrue(json(pages.get(2)).has("cut"));
    }

    @Test
    void withoutAPagerAPageIsALine() {
        journal(Pager.NONE).page(EventType.ABANDONED, "why", REASON);

        assertTrue(lines().get(0).path("page").asBoolean());
        assertEquals(1, lines().size());
    }

    @Test
    void aRepeatedErrorIsPagedOnceInAWhileAndOtherwiseLogged() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        JsonJournal journal = new JsonJournal(new PrintStream(out, true, StandardCharsets.UTF_8), now::get, pages::add);
        for (int n = 0; n < 20; n++) {
            journal.pageOnce(
                    EventType.MISCONFIGURED, "web SendCommand: AccessDenied", "run " + n + " was refused", Map.of());
        }
        journal.pageOnce(EventType.MISCONFIGURED, "db SendCommand: AccessDenied", "run 1 was refused", Map.of());
        assertEquals(2, pages.size());
        assertEquals(21, lines().size());
        assertEquals("run 19 was refused", lines().get(19).path("text").asText());
        assertEquals(1, lines().get(19).path("Misconfigured").asInt());

        now.set(NOW.plus(JsonJournal.REMINDER));
        journal.pageOnce(EventType.MISCONFIGURED, "web SendCommand: AccessDenied", "run 20 was refused", Map.of());
        assertEquals(3, pages.size());
    }

    @Test
    void aPagerThatFailsUnexpectedlyStopsNothingEither() {
        Pager broken = page -> {
            throw new IllegalStateException("the connection pool is shut down");
        };

        journal(broken).page(EventType.ABANDONED, "why", REASON);

        assertEquals("page_not_sent", lines().get(1).path("log_type").asText());
    }

    @Test
    void aLineThatStandsForManyIsCountedAsMany() {
        journal(pages::add).log(EventType.MALFORMED, Map.of("count", 50));

        assertEquals(50, lines().get(0).path("Malformed").asInt());
    }
}
