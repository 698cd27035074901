package dev.gantry.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.error.GantryException;
import org.junit.jupiter.api.Test;

class SqsRedriveTest {
    private static final String DEAD_LETTERS = "http://127.0.0.1/111122223333/gantry-launches-dlq";
    private static final String QUEUE = "http://127.0.0.1/111122223333/gantry-launches";

    private static Response holding(LoopbackAws.Call call, int messages) {
        return call.action().equals("GetQueueAttributes")
                ? Response.json("{\"Attributes\":{\"ApproximateNumberOfMessages\":\"" + messages
                        + "\",\"QueueArn\":\"arn:aws:sqs:eu-central-1:111122223333:gantry-launches-dlq\"}}")
                : Response.json("{\"TaskHandle\":\"task\"}");
    }

    private static int begin(LoopbackAws aws) {
        return new SqsRedrive(aws.clients().sqs()).begin(DEAD_LETTERS, QUEUE);
    }

    @Test
    void movesThemToTheLaunchQueueByName() {
        try (LoopbackAws aws = new LoopbackAws(call -> holding(call, 3))) {
            assertEquals(3, begin(aws));

            var task = aws.calls("StartMessageMoveTask").get(0).json();
            assertEquals(
                    "arn:aws:sqs:eu-central-1:111122223333:gantry-launches-dlq",
                    task.path("SourceArn").asText());
            assertEquals(
                    "arn:aws:sqs:eu-central-1:111122223333:gantry-launches",
                    task.path("DestinationArn").asText());
        }
    }

    @Test
    void beginsNothingIfThereIsNoMessage() {
        try (LoopbackAws aws = new LoopbackAws(call -> holding(call, 0))) {
            assertEquals(0, begin(aws));
            assertTrue(aws.calls("StartMessageMoveTask").isEmpty());
        }
    }

    @Test
    void saysWhatSqsRefused() {
        try (LoopbackAws aws = new LoopbackAws(call -> call.action().equals("GetQueueAttributes")
                ? holding(call, 1)
                : Response.error(
                        400,
                        "com.amazonaws.sqs#UnsupportedOperation",
                        "There is already a task running. Only one active task is allowed for a source queue arn at a"
                                + " given time."))) {
            String message =
                    assertThrows(GantryException.class, () -> begin(aws)).getMessage();
            assertTrue(message.contains("gantry-launches-dlq") && message.contains("already a task running"), message);
        }
    }
}
