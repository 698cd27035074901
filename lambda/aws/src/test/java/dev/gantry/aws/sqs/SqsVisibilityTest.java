package dev.gantry.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.error.GantryException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SqsVisibilityTest {
    private static final String QUEUE = "http://127.0.0.1/111122223333/gantry-launches";

    @Test
    void aMessageIsHiddenForSeconds() {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.json("{}"))) {
            new SqsVisibility(aws.clients().sqs()).change(QUEUE, "receipt", Duration.ofSeconds(30));

            JsonNode request = aws.calls("ChangeMessageVisibility").get(0).json();
            assertEquals(QUEUE, request.path("QueueUrl").textValue());
            assertEquals("receipt", request.path("ReceiptHandle").textValue());
            assertEquals(30, request.path("VisibilityTimeout").intValue());
        }
    }

    @Test
    void aTimeThatSqsDoesNotTakeIsRefusedBeforeAnyCall() {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.json("{}"))) {
            SqsVisibility visibility = new SqsVisibility(aws.clients().sqs());

            assertThrows(
                    IllegalArgumentException.class, () -> visibility.change(QUEUE, "r", Duration.ofSeconds(43_201)));
            assertThrows(IllegalArgumentException.class, () -> visibility.change(QUEUE, "r", Duration.ofSeconds(-1)));
            assertEquals(0, aws.calls().size());
        }
    }

    @Test
    void aBatchGoesTenAtATimeAndNamesWhatFailed() {
        Map<String, Duration> hidden = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            hidden.put("receipt-" + i, Duration.ofSeconds(i));
        }
        Response failed = Response.json(
                "{\"Successful\":[],\"Failed\":[{\"Id\":\"1\",\"SenderFault\":true,\"Code\":\"MessageNotInflight\","
                        + "\"Message\":\"no\"}]}");
        try (LoopbackAws aws = new LoopbackAws(call -> failed)) {
            Map<String, GantryException> errors =
                    new SqsVisibility(aws.clients().sqs()).change(QUEUE, hidden);

            assertEquals(Set.of("receipt-1", "receipt-11"), errors.keySet());
            assertEquals(2, aws.calls().size());
            assertEquals(10, aws.calls().get(0).json().path("Entries").size());
        }
    }

    @Test
    void aCallThatFailsFailsOnlyItsMessages() {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.error(400, "QueueDoesNotExist", "no"))) {
            SqsVisibility visibility = new SqsVisibility(aws.clients().sqs());

            assertEquals(
                    Set.of("r"),
                    visibility.change(QUEUE, Map.of("r", Duration.ZERO)).keySet());
            assertThrows(GantryException.Misconfigured.class, () -> visibility.change(QUEUE, "r", Duration.ZERO));
        }
    }
}
