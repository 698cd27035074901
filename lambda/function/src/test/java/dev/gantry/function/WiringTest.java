package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.loopback.SqsAnswers;
import dev.gantry.launch.port.EventType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What each queue is used for, by the environment variable that names it. */
class WiringTest {
    private static final String LAUNCHES = "http://127.0.0.1/111122223333/gantry-launches";
    private static final String DEAD_LETTERS = "http://127.0.0.1/111122223333/gantry-launches-dlq";
    private static final String PAGER = "http://127.0.0.1/111122223333/gantry-pager";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private Wiring wiring(LoopbackAws aws, Optional<String> pager) {
        FunctionConfig config = new FunctionConfig(
                "bucket",
                LAUNCHES,
                DEAD_LETTERS,
                pager,
                Optional.empty(),
                "eu-central-1",
                Optional.empty(),
                Duration.ofMinutes(1));
        return Wiring.over(aws.clients(), config, new PrintStream(log, true, StandardCharsets.UTF_8), new RandomIds());
    }

    private static Response answer(Call call) {
        if (call.action().equals("SendMessage")) {
            return SqsAnswers.taken(call);
        }
        return call.action().equals("GetQueueAttributes")
                ? Response.json("{\"Attributes\":{\"ApproximateNumberOfMessages\":\"3\",\"QueueArn\":\"arn:aws:sqs:"
                        + "eu-central-1:111122223333:gantry-launches-dlq\"}}")
                : Response.json("{\"TaskHandle\":\"task\"}");
    }

    private static String queueOf(List<Call> calls) {
        return calls.get(0).json().path("QueueUrl").asText();
    }

    @Test
    void aMessageIsHiddenInTheLaunchQueue() {
        try (LoopbackAws aws = new LoopbackAws(WiringTest::answer)) {
            wiring(aws, Optional.empty()).messages().hide("receipt", Duration.ofSeconds(5));

            assertEquals(LAUNCHES, queueOf(aws.calls("ChangeMessageVisibility")));
        }
    }

    @Test
    void aMessageThatCannotBeReadIsBuriedInTheDeadLetterQueue() {
        try (LoopbackAws aws = new LoopbackAws(WiringTest::answer)) {
            wiring(aws, Optional.empty()).messages().bury("no JSON", "it is not JSON");

            assertEquals(DEAD_LETTERS, queueOf(aws.calls("SendMessage")));
        }
    }

    @Test
    void deadLettersGoBackToTheLaunchQueue() {
        try (LoopbackAws aws = new LoopbackAws(WiringTest::answer)) {
            assertEquals(3, wiring(aws, Optional.empty()).messages().redrive());

            assertTrue(aws.calls("StartMessageMoveTask").get(0).body().contains("111122223333:gantry-launches\""));
        }
    }

    @Test
    void pagesGoToThePagerIfThereIsOne() {
        try (LoopbackAws aws = new LoopbackAws(WiringTest::answer)) {
            wiring(aws, Optional.of(PAGER)).journal().page(EventType.DEFECT, "why", Map.of());
            assertEquals(PAGER, queueOf(aws.calls("SendMessage")));
        }
    }

    @Test
    void withoutAPagerAPageIsALineAndNoCall() {
        try (LoopbackAws aws = new LoopbackAws(WiringTest::answer)) {
            wiring(aws, Optional.empty()).journal().page(EventType.DEFECT, "why", Map.of());

            assertEquals(List.of(), aws.calls());
            assertTrue(log.toString(StandardCharsets.UTF_8).contains("\"page\":true"));
        }
    }
}
