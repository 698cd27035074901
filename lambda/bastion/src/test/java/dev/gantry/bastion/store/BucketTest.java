package dev.gantry.bastion.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.launch.error.GantryException;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults.Fault;
import dev.gantry.stored.StoredObject;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BucketTest {
    private static final byte[] ONE = "{\"n\":1}".getBytes(UTF_8);
    private static final byte[] TWO = "{\"n\":2}".getBytes(UTF_8);
    private static final String KMS = "arn:aws:kms:eu-central-1:111122223333:key/k";

    private volatile Fault fault = new Fault.None();
    private final LocalS3 s3 = new LocalS3((service, operation, accessKey) -> fault);
    private final Bucket bucket = s3.bucket();

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void aFirstWriteNeedsThatNothingIsThere() {
        assertTrue(bucket.writeSecret("k", ONE, Optional.empty(), KMS));
        assertFalse(bucket.writeSecret("k", TWO, Optional.empty(), KMS));
        assertEquals("{\"n\":1}", s3.text("k"));
    }

    @Test
    void aLaterWriteNeedsTheVersionThatWasRead() {
        bucket.write("k", ONE);
        Optional<String> version = bucket.read("k").map(StoredObject::version);

        assertTrue(bucket.writeSecret("k", TWO, version, KMS));
        assertFalse(bucket.writeSecret("k", ONE, version, KMS));
        assertFalse(bucket.writeSecret("gone", ONE, version, KMS));
    }

    @Test
    void aWriteWhoseAnswerWasLostIsRecognisedAsOurs() {
        fault = new Fault.ErrorResponse(new AwsError(500, "InternalError", "We encountered an internal error."), true);
        assertThrows(GantryException.Retryable.class, () -> bucket.writeSecret("k", ONE, Optional.empty(), KMS));
        fault = new Fault.None();

        assertTrue(bucket.writeSecret("k", ONE, Optional.empty(), KMS));
    }

    @Test
    void anAbsentObjectIsNoError() {
        assertEquals(Optional.empty(), bucket.read("k"));
    }

    @Test
    void aRefusalIsMisconfigured() {
        fault = new Fault.ErrorResponse(new AwsError(403, "AccessDenied", "Access Denied"), false);

        String message = assertThrows(GantryException.Misconfigured.class, () -> bucket.read("hostkeys/x"))
                .getMessage();
        assertEquals(
                "reading s3://gantry-sandbox/hostkeys/x: AccessDenied: Access Denied; allow it in the function's role, "
                        + "with s3:ListBucket on the prefix, and with the KMS key",
                message);
    }

    @Test
    void aMissingBucketIsMisconfigured() {
        Bucket other = new Bucket(s3.client(), "gantry-other");

        assertThrows(GantryException.Misconfigured.class, () -> other.read("k"));
        assertThrows(GantryException.Misconfigured.class, () -> other.newest("p/", 2));
        assertThrows(GantryException.Misconfigured.class, () -> other.write("k", ONE));
    }

    @Test
    void noMoreIsReadThanAMachineNeeds() {
        bucket.write("k", new byte[Bucket.LONGEST]);
        assertEquals(Bucket.LONGEST, bucket.read("k").orElseThrow().bytes().length);

        bucket.write("k", new byte[Bucket.LONGEST + 1]);
        String message = assertThrows(GantryException.Misconfigured.class, () -> bucket.read("k"))
                .getMessage();
        assertTrue(message.startsWith("s3://gantry-sandbox/k is longer than 65536 bytes"), message);
    }

    @Test
    void anErrorWithoutAnAnswerOfS3IsReportedInItsOwnWords() {
        fault = new Fault.Cut(false);
        String message = assertThrows(GantryException.Retryable.class, () -> bucket.read("k"))
                .getMessage();

        assertTrue(message.startsWith("reading s3://gantry-sandbox/k: SdkClientException: "), message);
        assertFalse(message.endsWith("no message"), message);
    }

    @Test
    void throttlingAndServersErrorsAreRetryable() {
        fault = new Fault.ErrorResponse(new AwsError(503, "SlowDown", "Please reduce your request rate."), false);
        assertThrows(GantryException.Retryable.class, () -> bucket.newest("p/", 2));

        fault = new Fault.Cut(false);
        assertThrows(GantryException.Retryable.class, () -> bucket.write("k", ONE));
    }

    @Test
    void theTextOfAnObjectIsNotPrinted() {
        bucket.write("k", "hunter2".getBytes(UTF_8));

        assertFalse(bucket.read("k").orElseThrow().toString().contains("hunter2"));
    }
}
