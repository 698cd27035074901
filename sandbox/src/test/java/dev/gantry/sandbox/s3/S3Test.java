package dev.gantry.sandbox.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.wire.AwsError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;

@Timeout(1200)
class S3Test {
    private static final String BUCKET = "bucket-of-tests";
    private static Sandbox sandbox;
    private static S3Client s3;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.builder().start();
        sandbox.cloud().s3().createBucket(BUCKET);
        s3 = Clients.of(sandbox).s3();
    }

    @AfterAll
    static void stop() {
        s3.close();
        sandbox.close();
    }

    private static String put(String key, String text) {
        return s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(text))
                .eTag();
    }

    private static String get(String key) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String();
    }

    private static void assertRefused(int status, String code, Executable call) {
        S3Exception refused = assertThrows(S3Exception.class, call);
        assertEquals(
                status + " " + code,
                refused.statusCode() + " " + refused.awsErrorDetails().errorCode());
        assertTrue(refused.requestId() != null && !refused.requestId().isEmpty());
    }

    @Test
    void anObjectKeepsItsTagsUntilOthersArePut() {
        s3.putObject(
                b -> b.bucket(BUCKET).key("tagged").tagging("Project=gantry&Purpose=a%20test"), RequestBody.empty());
        assertEquals(Map.of("Project", "gantry", "Purpose", "a test"), tags("tagged"));
        assertEquals(
                List.of(),
                s3.headObject(b -> b.bucket(BUCKET).key("tagged")).metadata().keySet().stream()
                        .toList());
        s3.putObjectTagging(b -> b.bucket(BUCKET)
                .key("tagged")
                .tagging(t -> t.tagSet(Tag.builder().key("Other").value("1").build())));
        assertEquals(Map.of("Other", "1"), tags("tagged"));
        s3.deleteObjectTagging(b -> b.bucket(BUCKET).key("tagged"));
        assertEquals(Map.of(), tags("tagged"));
        assertRefused(404, "NoSuchKey", () -> tags("no-such"));
    }

    private static Map<String, String> tags(String key) {
        return s3.getObjectTagging(b -> b.bucket(BUCKET).key(key)).tagSet().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
    }

    @Test
    void eachObjectOfABucketWithoutVersionsIsListedAsItsNullVersionOverPages() {
        List.of("versions/a", "versions/b", "versions/c").forEach(key -> put(key, key));
        List<ObjectVersion> all =
                s3
                        .listObjectVersionsPaginator(
                                b -> b.bucket(BUCKET).prefix("versions/").maxKeys(2))
                        .versions()
                        .stream()
                        .toList();
        assertEquals(
                List.of("versions/a", "versions/b", "versions/c"),
                all.stream().map(ObjectVersion::key).toList());
        assertTrue(all.stream().allMatch(version -> version.versionId().equals("null") && version.isLatest()));
        s3.deleteObject(b -> b.bucket(BUCKET).key("versions/a").versionId("null"));
        assertRefused(404, "NoSuchKey", () -> get("versions/a"));
    }

    @Test
    void aRequestForBucketSettingsThatTheSandboxLacksCreatesNoBucket() {
        assertRefused(
                501,
                "NotImplemented",
                () -> s3.putBucketVersioning(
                        b -> b.bucket(BUCKET).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED))));
    }

    @Test
    void anObjectUnderAKeyOfKmsNamesItAndItsEtagIsNoMd5() {
        String key = "arn:aws:kms:eu-central-1:111122223333:key/0b0e9f5c-3f5a-4c5e-9d58-000000000000";
        String plain = put("encrypted", "secret");
        PutObjectResponse written = s3.putObject(
                b -> b.bucket(BUCKET)
                        .key("encrypted")
                        .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(key),
                RequestBody.fromString("secret"));
        HeadObjectResponse read = s3.headObject(b -> b.bucket(BUCKET).key("encrypted"));
        assertEquals(key, written.ssekmsKeyId());
        assertEquals(key, read.ssekmsKeyId());
        assertEquals(ServerSideEncryption.AWS_KMS, read.serverSideEncryption());
        assertNotEquals(plain, read.eTag());
        assertEquals(written.eTag(), read.eTag());
        assertEquals("secret", get("encrypted"));
    }

    @Test
    void anEncryptionThatS3DoesNotHaveIsRefused() {
        assertRefused(
                400,
                "InvalidArgument",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("encrypted").serverSideEncryption("rot13"),
                        RequestBody.fromString("secret")));
        assertRefused(
                400,
                "InvalidArgument",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("encrypted").ssekmsKeyId("a key without its method"),
                        RequestBody.fromString("secret")));
        assertRefused(
                400,
                "KMS.NotFoundException",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET)
                                .key("encrypted")
                                .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                                .ssekmsKeyId("no key"),
                        RequestBody.fromString("secret")));
    }

    @Test
    void anObjectComesBackAsItWasPut() {
        s3.putObject(
                b -> b.bucket(BUCKET)
                        .key("as/it was/put+%2F\u00fc.json")
                        .contentType("application/json")
                        .metadata(Map.of("sha256", "abc")),
                RequestBody.fromString("{}"));
        HeadObjectResponse head = s3.headObject(b -> b.bucket(BUCKET).key("as/it was/put+%2F\u00fc.json"));
        assertEquals("{}", get("as/it was/put+%2F\u00fc.json"));
        assertEquals(2, head.contentLength());
        assertEquals("application/json", head.contentType());
        assertEquals(Map.of("sha256", "abc"), head.metadata());
        List<String> listed = s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("as/")).contents().stream()
                .map(S3Object::key)
                .toList();
        assertEquals(List.of("as/it was/put+%2F\u00fc.json"), listed);
    }

    @Test
    void anEmptyObjectIsAnObject() {
        put("empty", "");
        assertEquals("", get("empty"));
    }

    @Test
    void aBodyStreamedInChunksWithATrailerArrivesWhole() {
        byte[] bytes = new byte[3_000_000];
        new Random(7).nextBytes(bytes);
        s3.putObject(
                b -> b.bucket(BUCKET).key("streamed"),
                RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes), bytes.length, "video/mp4"));
        assertArrayEquals(
                bytes,
                s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("streamed")).asByteArray());
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void eachChecksumOfTheSdkIsVerifiedBothWays(ChecksumAlgorithm algorithm) {
        String key = "checksum-" + algorithm;
        s3.putObject(b -> b.bucket(BUCKET).key(key).checksumAlgorithm(algorithm), RequestBody.fromString("123456789"));
        assertEquals("123456789", get(key));
    }

    @Test
    void crc64NvmeIsThatOfItsSpecification() {
        Checksum.Running crc = Checksum.CRC64NVME.start();
        crc.update("123456789".getBytes(StandardCharsets.US_ASCII), 9);
        assertEquals("rosUhgp5mIg=", crc.value());
    }

    @Test
    void aWrongChecksumIsRefusedAndNothingIsStored() {
        String wrong = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        assertRefused(
                400,
                "BadDigest",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("damaged").checksumSHA256(wrong), RequestBody.fromString("x")));
        assertRefused(404, "NoSuchKey", () -> get("damaged"));
    }

    @Test
    void ifNoneMatchLetsOnlyTheFirstWriterWin() {
        s3.putObject(b -> b.bucket(BUCKET).key("first").ifNoneMatch("*"), RequestBody.fromString("1"));
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.putObject(b -> b.bucket(BUCKET).key("first").ifNoneMatch("*"), RequestBody.fromString("2")));
        assertEquals("1", get("first"));
    }

    @Test
    void ifMatchTakesTheCurrentTagAndNoOther() {
        String first = put("versioned", "1");
        s3.putObject(b -> b.bucket(BUCKET).key("versioned").ifMatch(first), RequestBody.fromString("2"));
        assertRefused(
                412,
                "PreconditionFailed",
                () -> s3.putObject(b -> b.bucket(BUCKET).key("versioned").ifMatch(first), RequestBody.fromString("3")));
        assertEquals("2", get("versioned"));
    }

    @Test
    void ifMatchOnAMissingKeyAnswers404() {
        assertRefused(
                404,
                "NoSuchKey",
                () -> s3.putObject(
                        b -> b.bucket(BUCKET).key("missing").ifMatch("\"abc\""), RequestBody.fromString("3")));
    }

    @Test
    void aDeletionDuringAConditionalWriteIsAConflict() {
        Bucket bucket = new Bucket("b", Instant.EPOCH);
        Conditions onlyNew = new Conditions(Optional.empty(), Optional.of("*"));
        Conditions none = new Conditions(Optional.empty(), Optional.empty());
        StoredObject object = new StoredObject("k", null, "\"e\"", Instant.EPOCH, Map.of(), Map.of());
        long begun = bucket.begin();
        bucket.delete("k", none);
        AwsError conflict = assertThrows(AwsError.class, () -> bucket.put(object, onlyNew, begun));
        assertEquals("409 ConditionalRequestConflict", conflict.status() + " " + conflict.code());
        bucket.put(object, onlyNew, bucket.begin());
    }

    @Test
    void exactlyOneOfManyWritersWithTheSameConditionWins() throws InterruptedException, ExecutionException {
        String etag = put("raced", "0");
        for (int round = 0; round < 10; round++) {
            String key = "race-" + round;
            assertEquals(
                    1,
                    winners(i -> s3.putObject(
                            b -> b.bucket(BUCKET).key(key).ifNoneMatch("*"), RequestBody.fromString("w" + i))));
        }
        assertEquals(
                1,
                winners(i -> s3.putObject(
                        b -> b.bucket(BUCKET).key("raced").ifMatch(etag), RequestBody.fromString("w" + i))));
    }

    private interface Attempt {
        void by(int writer);
    }

    private static long winners(Attempt attempt) throws InterruptedException, ExecutionException {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch together = new CountDownLatch(1);
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int writer = i;
                results.add(writers.submit(() -> {
                    together.await();
                    try {
                        attempt.by(writer);
                        return true;
                    } catch (S3Exception e) {
                        assertEquals(412, e.statusCode());
                        return false;
                    }
                }));
            }
            together.countDown();
            long won = 0;
            for (Future<Boolean> result : results) {
                won += result.get() ? 1 : 0;
            }
            return won;
        } finally {
            writers.shutdown();
        }
    }

    @Test
    void aReaderWithTheCurrentTagGets304() {
        String etag = put("cached", "x");
        S3Exception unchanged = assertThrows(
                S3Exception.class,
                () -> s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("cached").ifNoneMatch(etag)));
        assertEquals(304, unchanged.statusCode());
    }

    @Test
    void rangesGiveTheirBytesAnd416BehindTheEnd() {
        put("ranged", "0123456789");
        assertEquals("34", range("bytes=3-4"));
        assertEquals("89", range("bytes=8-"));
        assertEquals("789", range("bytes=-3"));
        assertEquals("89", range("bytes=8-99"));
        assertRefused(416, "InvalidRange", () -> range("bytes=10-11"));
    }

    private static String range(String range) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("ranged").range(range))
                .asUtf8String();
    }

    @Test
    void aPageHoldsAThousandKeysWhateverWasAskedFor() {
        sandbox.cloud().s3().createBucket("crowded");
        IntStream.range(0, 1001)
                .parallel()
                .forEach(i -> s3.putObject(
                        b -> b.bucket("crowded").key(String.format("k%04d", i)), RequestBody.fromString("x")));
        ListObjectsV2Response page = s3.listObjectsV2(b -> b.bucket("crowded").maxKeys(5000));
        assertEquals(1000, page.keyCount());
        assertTrue(page.isTruncated());
        List<String> all = s3.listObjectsV2Paginator(b -> b.bucket("crowded").maxKeys(300)).contents().stream()
                .map(S3Object::key)
                .toList();
        assertEquals(
                IntStream.range(0, 1001)
                        .mapToObj(i -> String.format("k%04d", i))
                        .toList(),
                all);
    }

    @Test
    void aDelimiterRollsUpPrefixesAcrossPages() {
        for (String key : List.of("d/a/1", "d/a/2", "d/b", "d/c/1", "d/c/2")) {
            put(key, "x");
        }
        List<String> prefixes = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        s3.listObjectsV2Paginator(
                        b -> b.bucket(BUCKET).prefix("d/").delimiter("/").maxKeys(1))
                .forEach(page -> {
                    page.commonPrefixes().stream().map(CommonPrefix::prefix).forEach(prefixes::add);
                    page.contents().stream().map(S3Object::key).forEach(keys::add);
                });
        assertEquals(List.of("d/a/", "d/c/"), prefixes);
        assertEquals(List.of("d/b"), keys);
    }

    @Test
    void multipartUploadsJoinTheirPartsAndRefuseSmallOnes() {
        byte[] part = new byte[5 << 20];
        new Random(3).nextBytes(part);
        String id = s3.createMultipartUpload(b -> b.bucket(BUCKET).key("large")).uploadId();
        List<CompletedPart> parts = List.of(uploaded(id, 1, part), uploaded(id, 2, new byte[] {1, 2, 3}));
        s3.completeMultipartUpload(
                b -> b.bucket(BUCKET).key("large").uploadId(id).multipartUpload(m -> m.parts(parts)));
        HeadObjectResponse head = s3.headObject(b -> b.bucket(BUCKET).key("large"));
        assertEquals((5 << 20) + 3, head.contentLength());
        assertTrue(head.eTag().endsWith("-2\""), head.eTag());

        String small =
                s3.createMultipartUpload(b -> b.bucket(BUCKET).key("large")).uploadId();
        List<CompletedPart> tooSmall = List.of(uploaded(small, 1, new byte[1]), uploaded(small, 2, new byte[1]));
        assertRefused(
                400,
                "EntityTooSmall",
                () -> s3.completeMultipartUpload(
                        b -> b.bucket(BUCKET).key("large").uploadId(small).multipartUpload(m -> m.parts(tooSmall))));
    }

    private static CompletedPart uploaded(String id, int number, byte[] bytes) {
        String etag = s3.uploadPart(
                        b -> b.bucket(BUCKET).key("large").uploadId(id).partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    @Test
    void deletingIsIdempotentAndABucketMustBeEmptyFirst() {
        s3.createBucket(
                b -> b.bucket("short-lived").createBucketConfiguration(c -> c.locationConstraint(Sandbox.REGION)));
        s3.putObject(b -> b.bucket("short-lived").key("a"), RequestBody.fromString("x"));
        assertRefused(409, "BucketNotEmpty", () -> s3.deleteBucket(b -> b.bucket("short-lived")));
        ObjectIdentifier a = ObjectIdentifier.builder().key("a").build();
        s3.deleteObjects(b -> b.bucket("short-lived").delete(d -> d.objects(a)));
        s3.deleteObject(b -> b.bucket("short-lived").key("a"));
        s3.deleteBucket(b -> b.bucket("short-lived"));
        assertRefused(404, "NoSuchBucket", () -> s3.listObjectsV2(b -> b.bucket("short-lived")));
    }

    @Test
    void copyingKeepsMetadata() {
        s3.putObject(b -> b.bucket(BUCKET).key("from").metadata(Map.of("a", "b")), RequestBody.fromString("x"));
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("from")
                .destinationBucket(BUCKET)
                .destinationKey("to"));
        assertEquals(
                Map.of("a", "b"), s3.headObject(b -> b.bucket(BUCKET).key("to")).metadata());
    }

    @Test
    void aMissingObjectIsReportedAsSuch() {
        assertRefused(501, "NotImplemented", () -> s3.getBucketAcl(b -> b.bucket(BUCKET)));
    }
}
