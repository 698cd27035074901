package dev.gantry.sandbox.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the ledger, the settings and the bundles need of S3 (S3 user guide, "conditional writes" and "listing objects"). */
abstract class S3Contract {
    private static final int WRITERS = 8;
    private static final int ROUNDS = 5;
    private static final String UNKNOWN_TAG = "\"00000000000000000000000000000000\"";

    private S3Client s3;
    private final String bucket = Endpoint.freshName("contract");

    @BeforeEach
    void createBucket(Endpoint endpoint) {
        s3 = endpoint.s3();
        endpoint.createBucket(bucket);
    }

    private String put(String key, String text, Consumer<PutObjectRequest.Builder> condition) {
        return s3.putObject(
                        b -> {
                            b.bucket(bucket).key(key);
                            condition.accept(b);
                        },
                        RequestBody.fromString(text))
                .eTag();
    }

    private String put(String key, String text) {
        return put(key, text, b -> {});
    }

    private String text(String key) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asUtf8String();
    }

    private static void assertRefused(int status, String code, Executable call) {
        S3Exception refused = assertThrows(S3Exception.class, call);
        assertEquals(
                status + " " + code,
                refused.statusCode() + " " + refused.awsErrorDetails().errorCode());
    }

    @Test
    void anObjectComesBackWithItsTypeItsMetadataAndTheMd5OfItsBytesAsTag() {
        put("a", "hello", b -> b.contentType("application/json").metadata(Map.of("made-by", "gantry")));

        GetObjectResponse read =
                s3.getObjectAsBytes(b -> b.bucket(bucket).key("a")).response();

        assertEquals("hello", text("a"));
        assertEquals("\"5d41402abc4b2a76b9719d911017c592\"", read.eTag());
        assertEquals("application/json", read.contentType());
        assertEquals(Map.of("made-by", "gantry"), read.metadata());
    }

    @Test
    void headReturnsWhatGetReturns() {
        String tag = put("a", "hello", b -> b.metadata(Map.of("made-by", "gantry")));

        HeadObjectResponse head = s3.headObject(b -> b.bucket(bucket).key("a"));

        assertEquals(tag, head.eTag());
        assertEquals(5, head.contentLength());
        assertEquals(Map.of("made-by", "gantry"), head.metadata());
    }

    @Test
    void aMissingObjectIs404() {
        assertRefused(404, "NoSuchKey", () -> text("missing"));
        S3Exception head = assertThrows(
                S3Exception.class, () -> s3.headObject(b -> b.bucket(bucket).key("missing")));
        assertEquals(404, head.statusCode());
        assertRefused(
                404,
                "NoSuchBucket",
                () -> s3.getObjectAsBytes(
                        b -> b.bucket(Endpoint.freshName("nowhere")).key("a")));
    }

    @Test
    void ifNoneMatchWritesOnlyWhereNoObjectIs() {
        put("a", "first", b -> b.ifNoneMatch("*"));

        assertRefused(412, "PreconditionFailed", () -> put("a", "second", b -> b.ifNoneMatch("*")));
        assertEquals("first", text("a"));
    }

    @Test
    void ifMatchWithTheCurrentTagReplaces() {
        String first = put("a", "first");

        String second = put("a", "second", b -> b.ifMatch(first));

        assertNotEquals(first, second);
        assertEquals("second", text("a"));
    }

    @Test
    void ifMatchWithAnotherTagIsRefusedAndChangesNothing() {
        String first = put("a", "first");
        put("a", "second", b -> b.ifMatch(first));

        assertRefused(412, "PreconditionFailed", () -> put("a", "third", b -> b.ifMatch(first)));
        assertRefused(412, "PreconditionFailed", () -> put("a", "third", b -> b.ifMatch(UNKNOWN_TAG)));
        assertEquals("second", text("a"));
    }

    @Test
    void ifMatchOnAMissingKeyIs404() {
        assertRefused(404, "NoSuchKey", () -> put("missing", "text", b -> b.ifMatch(UNKNOWN_TAG)));
    }

    @Test
    void exactlyOneOfManyWritersThatFindNothingWins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = "claim-" + round;
            assertEquals(1, winners(key, b -> b.ifNoneMatch("*")), key);
        }
    }

    @Test
    void exactlyOneOfManyWritersThatFoundTheSameTagWins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = "claim-" + round;
            String tag = put(key, "free");
            assertEquals(1, winners(key, b -> b.ifMatch(tag)), key);
        }
    }

    private long winners(String key, Consumer<PutObjectRequest.Builder> condition) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            CyclicBarrier together = new CyclicBarrier(WRITERS);
            List<Callable<Boolean>> writers = IntStream.range(0, WRITERS)
                    .<Callable<Boolean>>mapToObj(writer -> () -> {
                        together.await();
                        return wins(key, "writer " + writer, condition);
                    })
                    .toList();
            long winners = 0;
            for (Future<Boolean> writer : threads.invokeAll(writers)) {
                winners += writer.get() ? 1 : 0;
            }
            return winners;
        } finally {
            threads.shutdownNow();
        }
    }

    /** 412 says that the condition fails, 409 that another write was under way. */
    private boolean wins(String key, String text, Consumer<PutObjectRequest.Builder> condition) {
        try {
            put(key, text, condition);
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 412 || e.statusCode() == 409) {
                return false;
            }
            throw e;
        }
    }

    @Test
    void keysAreListedInOrderBelowTheirPrefixPageByPage() {
        Stream.of("a/3", "a/1", "b/1", "a/2", "a/%2F x").forEach(key -> put(key, "text"));

        List<List<String>> pages = new ArrayList<>();
        for (ListObjectsV2Response page :
                s3.listObjectsV2Paginator(b -> b.bucket(bucket).prefix("a/").maxKeys(3))) {
            pages.add(page.contents().stream().map(S3Object::key).toList());
        }

        assertEquals(List.of(List.of("a/%2F x", "a/1", "a/2"), List.of("a/3")), pages);
    }

    @Test
    void anEmptyPrefixListsNothing() {
        put("b/1", "text");

        ListObjectsV2Response page = s3.listObjectsV2(b -> b.bucket(bucket).prefix("a/"));

        assertEquals(List.of(), page.contents());
        assertEquals(0, page.keyCount());
    }

    @Test
    void deletingAMissingObjectSucceedsToo() {
        put("a", "text");

        s3.deleteObject(b -> b.bucket(bucket).key("a"));
        s3.deleteObject(b -> b.bucket(bucket).key("a"));

        assertRefused(404, "NoSuchKey", () -> text("a"));
    }

    @Test
    void bytesComeBackUnchangedBeyondOneChunk() {
        byte[] bytes = "0123456789abcdef".repeat(20_000).getBytes(StandardCharsets.UTF_8);

        s3.putObject(b -> b.bucket(bucket).key("large"), RequestBody.fromBytes(bytes));

        assertEquals(new String(bytes, StandardCharsets.UTF_8), text("large"));
    }
}
