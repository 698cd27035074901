package dev.gantry.aws.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.loopback.LoopbackS3;
import dev.gantry.launch.error.GantryException;
import dev.gantry.stored.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3ObjectsTest {
    private static final byte[] OURS = "{\"a\":\"日本\"}".getBytes(StandardCharsets.UTF_8);

    private final LoopbackS3 s3 = new LoopbackS3();
    private final LoopbackAws aws = new LoopbackAws(s3);
    private final S3Objects objects = new S3Objects(aws.clients().s3(), LoopbackS3.BUCKET);

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void aNewObjectIsWrittenOnlyIfThereIsNone() {
        Optional<String> version = objects.write("a.json", OURS, Optional.empty());

        assertEquals(Optional.of(LoopbackS3.etag(OURS)), version);
        Call put = aws.calls("PUT").get(0);
        assertEquals("*", put.headers().get("if-none-match"));
        assertFalse(put.headers().containsKey("if-match"));
    }

    @Test
    void aChangedObjectIsWrittenOnlyIfItIsStillTheOneThatWasRead() {
        s3.put("a.json", "{}");

        objects.write("a.json", OURS, objects.read("a.json").map(StoredObject::version));

        Call put = aws.calls("PUT").get(0);
        assertEquals(
                LoopbackS3.etag("{}".getBytes(StandardCharsets.UTF_8)),
                put.headers().get("if-match"));
        assertFalse(put.headers().containsKey("if-none-match"));
        assertEquals("{\"a\":\"日本\"}", s3.text("a.json"));
    }

    @Test
    void aWriteWhoseAnswerWasLostMeetsItselfAndIsOurs() {
        s3.nextRequestGets(call -> {
            s3.serve(call);
            return Optional.of(Response.s3Error(500, "InternalError"));
        });

        assertEquals(Optional.of(LoopbackS3.etag(OURS)), objects.write("a.json", OURS, Optional.empty()));
        assertEquals(2, aws.calls("PUT").size());
    }

    @Test
    void aWriteThatMeetsAnotherOneIsLost() {
        s3.put("a.json", "{\"a\":2}");

        assertEquals(Optional.empty(), objects.write("a.json", OURS, Optional.empty()));
    }

    @Test
    void aConflictIsTriedAgain() {
        s3.nextAnswers(Response.s3Error(409, "ConditionalRequestConflict"));
        s3.nextAnswers(Response.s3Error(409, "ConditionalRequestConflict"));

        assertEquals(Optional.of(LoopbackS3.etag(OURS)), objects.write("a.json", OURS, Optional.empty()));
    }

    @Test
    void aConflictThatStaysIsRetryable() {
        for (int i = 0; i < 3; i++) {
            s3.nextAnswers(Response.s3Error(409, "ConditionalRequestConflict"));
        }

        assertThrows(GantryException.Retryable.class, () -> objects.write("a.json", OURS, Optional.empty()));
        assertEquals(3, aws.calls("PUT").size());
    }

    @Test
    void aWriteAtAVersionOfAnObjectThatIsGoneIsLost() {
        assertEquals(Optional.empty(), objects.write("a.json", OURS, Optional.of("\"0\"")));
    }

    @Test
    void everyPageOfAListIsRead() {
        List<String> keys = List.of("p/1", "p/2", "p/3", "p/4", "p/5", "p/6", "p/7");
        keys.forEach(key -> s3.put(key, ""));
        s3.put("q/1", "");

        assertEquals(keys, objects.keys("p/"));
        assertEquals(3, aws.calls("GET").size());
    }

    @Test
    void anObjectIsThereOrNot() {
        s3.put("a.json", "{}");

        assertEquals(true, objects.head("a.json").isPresent());
        assertEquals(false, objects.head("b.json").isPresent());
    }

    @Test
    void aHeadThatIsForbiddenIsAnErrorAndNotAnAbsence() {
        s3.nextAnswers(Response.of(403, ""));

        GantryException error = assertThrows(GantryException.Misconfigured.class, () -> objects.head("a.json"));
        assertEquals(
                true, error.getMessage().startsWith("looking for s3://gantry-sandbox/a.json: "), error.getMessage());
    }
}
