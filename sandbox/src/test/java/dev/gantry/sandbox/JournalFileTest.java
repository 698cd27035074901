package dev.gantry.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.wire.Journal.Entry;
import dev.gantry.sandbox.wire.RecordedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void aCallIsOneLineThatNamesItsCaller(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("calls");
        JournalFile journal = new JournalFile(path);
        try (Sandbox sandbox = Sandbox.builder().journal(journal).with(journal).start()) {
            RecordedRequest request = new RecordedRequest("POST /", Map.of("DocumentName", "document"));
            journal.record(
                    new Entry(NOON, "ssm", "SendCommand", Sandbox.ACCESS_KEY, 400, "InvalidInstanceId", request));
            List<String> lines = Files.readAllLines(path);
            assertEquals(1, lines.size());
            JsonNode line = new ObjectMapper().readTree(lines.get(0));
            assertEquals("2026-01-01T12:00:00Z", line.path("time").asText());
            assertEquals("ssm", line.path("service").asText());
            assertEquals("SendCommand", line.path("operation").asText());
            assertEquals(
                    "arn:aws:iam::111122223333:user/sandbox",
                    line.path("caller").asText());
            assertEquals(400, line.path("status").asInt());
            assertEquals("InvalidInstanceId", line.path("error").asText());
            assertEquals("POST /", line.path("request").asText());
            assertEquals("document", line.path("names").path("DocumentName").asText());
            assertEquals(sandbox.cloud().account(), "111122223333");
        }
    }

    @Test
    void aCallAfterTheEndAndOneByAnUnknownKeyDoNoHarm(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("calls");
        JournalFile journal = new JournalFile(path);
        try (Sandbox sandbox = Sandbox.builder().journal(journal).with(journal).start()) {
            journal.record(
                    new Entry(NOON, "s3", "GetObject", "somebody", 403, "InvalidAccessKeyId", RecordedRequest.NONE));
            assertEquals(
                    "",
                    new ObjectMapper()
                            .readTree(Files.readString(path))
                            .path("caller")
                            .asText());
            assertEquals("eu-central-1", sandbox.cloud().region());
        }
        journal.record(new Entry(NOON, "s3", "GetObject", "", 0, "ConnectionCut", RecordedRequest.NONE));
        assertEquals(1, Files.readAllLines(path).size());
    }

    @Test
    void aMissingFolderIsNamed(@TempDir Path folder) {
        assertThrows(IOException.class, () -> new JournalFile(folder.resolve("no/such/file")));
    }
}
