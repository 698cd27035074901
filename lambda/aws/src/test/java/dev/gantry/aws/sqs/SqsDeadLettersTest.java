package dev.gantry.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.loopback.SqsAnswers;
import dev.gantry.launch.error.GantryException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SqsDeadLettersTest {
    private static final String QUEUE = "http://127.0.0.1/111122223333/gantry-launches-dlq";
    private static final int LARGEST = 1_048_576;
    private static final int TERRAFORMS = 262_144;

    /** A queue with the size that Terraform gives it. */
    private static Response limited(LoopbackAws.Call call) {
        return size(call.json()) <= TERRAFORMS
                ? SqsAnswers.taken(call)
                : Response.error(
                        400,
                        "com.amazonaws.sqs#InvalidParameterValue",
                        "One or more parameters are invalid. Reason: Message must be shorter than 262144 bytes.");
    }

    /** Body and attributes count together. */
    private static int size(JsonNode request) {
        int size = bytes(request.path("MessageBody").textValue());
        for (String name : new String[] {"why", "cut"}) {
            JsonNode attribute = request.path("MessageAttributes").path(name);
            size += attribute.isMissingNode()
                    ? 0
                    : bytes(name + "String" + attribute.path("StringValue").textValue());
        }
        return size;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The last message sent when one is buried in a queue that answers in this way. */
    private static JsonNode buried(Function<LoopbackAws.Call, Response> queue, String body, String why) {
        try (LoopbackAws aws = new LoopbackAws(queue)) {
            new SqsDeadLetters(aws.clients().sqs()).send(QUEUE, body, why);
            return aws.calls("SendMessage")
                    .get(aws.calls("SendMessage").size() - 1)
                    .json();
        }
    }

    private static String attribute(JsonNode request, String name) {
        return request.path("MessageAttributes").path(name).path("StringValue").asText();
    }

    @Test
    void aMessageIsBuriedWholeWithItsReasonAsAnAttribute() {
        JsonNode sent = buried(SqsAnswers::taken, "no JSON", "the message is not JSON");

        assertEquals(QUEUE, sent.path("QueueUrl").textValue());
        assertEquals("no JSON", sent.path("MessageBody").textValue());
        assertEquals("the message is not JSON", attribute(sent, "why"));
        assertEquals(
                "String",
                sent.path("MessageAttributes").path("why").path("DataType").textValue());
        assertFalse(sent.path("MessageAttributes").has("cut"));
    }

    @Test
    void aReasonIsClippedAndHasNoCharacterThatSqsRefuses() {
        String why = attribute(buried(SqsAnswers::taken, "x", "y\ufffe".repeat(5_000)), "why");
        assertEquals(800, why.length());
        assertTrue(why.startsWith("y\ufffdy"), why);
    }

    @Test
    void aMessageOfTheLargestSizeLosesOnlyWhatItsReasonNeeds() {
        JsonNode sent = buried(SqsAnswers::taken, "z".repeat(LARGEST), "too deep");

        assertEquals(LARGEST, size(sent));
        assertEquals("the body had 1048576 bytes; its end is missing", attribute(sent, "cut"));
    }

    @Test
    void aMessageThatJustFitsWithItsReasonIsNotCut() {
        String body = "z".repeat(LARGEST - bytes("whyStringtoo deep"));
        JsonNode sent = buried(SqsAnswers::taken, body, "too deep");

        assertEquals(LARGEST, size(sent));
        assertEquals(body, sent.path("MessageBody").textValue());
        assertEquals("", attribute(sent, "cut"));
    }

    @Test
    void aQueueThatTakesLessGetsAShorterOneOfWholeCharacters() {
        JsonNode sent = buried(SqsDeadLettersTest::limited, "é".repeat(TERRAFORMS / 2), "too deep");

        assertTrue(size(sent) <= TERRAFORMS && size(sent) > TERRAFORMS - 4, "of " + size(sent) + " bytes");
        assertFalse(sent.path("MessageBody").textValue().contains("\ufffd"));
        assertEquals("the body had 262144 bytes; its end is missing", attribute(sent, "cut"));
    }

    @Test
    void anotherRefusalIsAnErrorThatNamesTheQueueAndNothingIsSentAgain() {
        Response denied = Response.error(400, "AccessDenied", "no");
        try (LoopbackAws aws = new LoopbackAws(call -> denied)) {
            SqsDeadLetters letters = new SqsDeadLetters(aws.clients().sqs());
            String said = assertThrows(
                            GantryException.Misconfigured.class, () -> letters.send(QUEUE, "z".repeat(TERRAFORMS), "w"))
                    .getMessage();
            assertTrue(said.contains("SendMessage to the dead-letter queue " + QUEUE), said);
            assertEquals(1, aws.calls().size());
        }
    }

    @Test
    void aQueueThatRefusesEvenTheShorterOneIsAnErrorToo() {
        Response tooLong = Response.error(
                400, "com.amazonaws.sqs#InvalidParameterValue", "Message must be shorter than 1024 bytes.");
        try (LoopbackAws aws = new LoopbackAws(call -> tooLong)) {
            SqsDeadLetters letters = new SqsDeadLetters(aws.clients().sqs());
            String said = assertThrows(GantryException.class, () -> letters.send(QUEUE, "z".repeat(5_000), "w"))
                    .getMessage();
            assertTrue(said.contains("dead-letter queue") && said.contains("shorter than 1024"), said);
            assertEquals(2, aws.calls().size());
        }
    }
}
