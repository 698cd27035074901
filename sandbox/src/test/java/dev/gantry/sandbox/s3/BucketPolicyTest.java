package dev.gantry.sandbox.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The bucket's policy as Terraform renders it, enforced by the sandbox's S3; and what the sandbox refuses to judge. */
@Timeout(1200)
class BucketPolicyTest {
    private static final String BUCKET = "gantry-sandbox";
    private static final String SHA = "abababababababababababababababababababababababababababababababab";
    private static final String BUNDLE = "bundles/web/" + SHA + ".zip";
    private static final String WHEELHOUSE = "wheelhouses/" + SHA + ".zip";
    private static final String APPLY_KEY = "AKIAAPPLYAPPLYAPPLY0";
    private static Sandbox sandbox;
    private static S3Client s3;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.builder().start();
        sandbox.cloud().s3().createBucket(BUCKET);
        sandbox.cloud().keys().register(APPLY_KEY, Identity.assumedRole(Sandbox.ACCOUNT, "gantry-apply", "run-1"));
        s3 = Clients.of(sandbox).s3();
    }

    @AfterAll
    static void stop() {
        s3.close();
        sandbox.close();
    }

    @BeforeEach
    void asRendered() throws IOException {
        sandbox.cloud().s3().putPolicy(BUCKET, rendered());
        for (String key : List.of(BUNDLE, WHEELHOUSE)) {
            sandbox.cloud().s3().put(BUCKET, key, "good".getBytes(StandardCharsets.UTF_8));
        }
        sandbox.cloud().s3().remove(BUCKET, BUNDLE + "/boto3.py");
    }

    private static String rendered() throws IOException {
        try (InputStream policy = BucketPolicyTest.class.getResourceAsStream("/bucket-policy.json")) {
            return new String(policy.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void put(String key) {
        s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString("bad"));
    }

    private static void putOnce(String key) {
        s3.putObject(b -> b.bucket(BUCKET).key(key).ifNoneMatch("*"), RequestBody.fromString("new"));
    }

    private static String get(String key) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String();
    }

    private static void assertRefused(int status, String code, Executable call) {
        S3Exception refused = assertThrows(S3Exception.class, call);
        assertEquals(
                status + " " + code,
                refused.statusCode() + " " + refused.awsErrorDetails().errorCode(),
                refused.getMessage());
    }

    private static void assertDenied(Executable call) {
        assertRefused(403, "AccessDenied", call);
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLE, WHEELHOUSE})
    void anObjectThatIsWrittenOnceIsNeitherOverwrittenNorDeleted(String key) {
        assertDenied(() -> put(key));
        assertRefused(412, "PreconditionFailed", () -> putOnce(key));
        assertDenied(() -> s3.putObject(
                b -> b.bucket(BUCKET).key(key).ifMatch("\"" + "0".repeat(32) + "\""), RequestBody.fromString("bad")));
        assertDenied(() -> s3.deleteObject(b -> b.bucket(BUCKET).key(key)));
        assertEquals("good", get(key));
    }

    @Test
    void aDeletionOfManyKeysNamesTheObjectsThatStay() {
        sandbox.cloud().s3().put(BUCKET, "videos/web/north.mp4", new byte[1]);
        DeleteObjectsResponse answer = s3.deleteObjects(b -> b.bucket(BUCKET)
                .delete(d -> d.objects(
                        ObjectIdentifier.builder().key(BUNDLE).build(),
                        ObjectIdentifier.builder().key("videos/web/north.mp4").build())));
        assertEquals(
                List.of(BUNDLE + " AccessDenied"),
                answer.errors().stream()
                        .map(error -> error.key() + " " + error.code())
                        .toList());
        assertEquals(1, answer.deleted().size());
        assertEquals("good", get(BUNDLE));
    }

    @Test
    void aCopyOntoABundleIsDenied() {
        sandbox.cloud().s3().put(BUCKET, "videos/web/evil.zip", "bad".getBytes(StandardCharsets.UTF_8));
        assertDenied(() -> s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("videos/web/evil.zip")
                .destinationBucket(BUCKET)
                .destinationKey(BUNDLE)));
        assertEquals("good", get(BUNDLE));
        // A copy from there is a read.
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey(BUNDLE)
                .destinationBucket(BUCKET)
                .destinationKey("videos/web/copy.zip"));
        assertEquals("good", get("videos/web/copy.zip"));
    }

    @Test
    void aMultipartUploadIsHeldToTheConditionWhenItCompletes() {
        String key = "bundles/web/" + "ef".repeat(32) + ".zip";
        sandbox.cloud().s3().remove(BUCKET, key);
        String upload = s3.createMultipartUpload(b -> b.bucket(BUCKET).key(key)).uploadId();
        String etag = s3.uploadPart(
                        b -> b.bucket(BUCKET).key(key).uploadId(upload).partNumber(1), RequestBody.fromString("part"))
                .eTag();
        CompletedPart part = CompletedPart.builder().partNumber(1).eTag(etag).build();
        assertDenied(() -> s3.completeMultipartUpload(
                b -> b.bucket(BUCKET).key(key).uploadId(upload).multipartUpload(m -> m.parts(part))));
        s3.completeMultipartUpload(
                b -> b.bucket(BUCKET).key(key).uploadId(upload).ifNoneMatch("*").multipartUpload(m -> m.parts(part)));
        assertEquals("part", get(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {BUNDLE + "/boto3.py", BUNDLE + "/", WHEELHOUSE + "/ansible.cfg", "bundles/web//x.zip"})
    void nothingIsPutBelow(String key) {
        assertDenied(() -> putOnce(key));
    }

    @ParameterizedTest
    @ValueSource(strings = {"videos/web/north.mp4", "fleets/web/settings.json", "bundles.zip", "bundlesx/web/a.zip"})
    void elsewhereNothingChanges(String key) {
        put(key);
        put(key);
        s3.deleteObject(b -> b.bucket(BUCKET).key(key));
    }

    @Test
    void theApplyRoleMayDeleteAndNotOverwrite() {
        try (S3Client apply = new Clients(sandbox.endpoint(), APPLY_KEY).s3()) {
            assertDenied(() -> apply.putObject(b -> b.bucket(BUCKET).key(BUNDLE), RequestBody.fromString("bad")));
            apply.deleteObject(b -> b.bucket(BUCKET).key(BUNDLE));
        }
        assertTrue(s3.listObjectsV2(b -> b.bucket(BUCKET).prefix(BUNDLE))
                .contents()
                .isEmpty());
    }

    /** Each statement that stops an attack is needed: without it, that attack succeeds. */
    @ParameterizedTest
    @CsvSource({"WriteOnce, overwrite", "KeepForever, delete", "NothingBelow, below"})
    void withoutTheStatementTheAttackSucceeds(String sid, String attack) throws IOException {
        ObjectNode policy = (ObjectNode) Json.parse(rendered()).orElseThrow();
        ArrayNode others = Json.nodes(Json.elements(policy.path("Statement")).stream()
                .filter(statement -> !statement.path("Sid").asText().equals(sid))
                .toList());
        policy.set("Statement", others);
        sandbox.cloud().s3().putPolicy(BUCKET, policy.toString());
        Set<String> succeeded = new TreeSet<>();
        attempt("overwrite", succeeded, () -> put(BUNDLE));
        attempt("below", succeeded, () -> putOnce(BUNDLE + "/boto3.py"));
        attempt("delete", succeeded, () -> s3.deleteObject(b -> b.bucket(BUCKET).key(WHEELHOUSE)));
        assertEquals(Set.of(attack), succeeded);
    }

    private static void attempt(String name, Set<String> succeeded, Runnable attack) {
        try {
            attack.run();
            succeeded.add(name);
        } catch (S3Exception denied) {
            assertEquals(403, denied.statusCode(), denied.getMessage());
        }
    }

    @Test
    void aPolicyIsPutReadAndTakenAwayOverTheWire() {
        String bucket = "bucket-with-policy";
        sandbox.cloud().s3().createBucket(bucket);
        assertRefused(404, "NoSuchBucketPolicy", () -> s3.getBucketPolicy(b -> b.bucket(bucket)));
        String policy = deny("s3:PutObject", "{}").replace(BUCKET, bucket);
        s3.putBucketPolicy(b -> b.bucket(bucket).policy(policy));
        assertEquals(policy, s3.getBucketPolicy(b -> b.bucket(bucket)).policy());
        assertDenied(() -> s3.putObject(b -> b.bucket(bucket).key("a"), RequestBody.empty()));
        s3.deleteBucketPolicy(b -> b.bucket(bucket));
        s3.putObject(b -> b.bucket(bucket).key("a"), RequestBody.empty());
    }

    private static String deny(String action, String condition) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"T\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\""
                + action + "\",\"Resource\":\"arn:aws:s3:::" + BUCKET + "/*\",\"Condition\":" + condition + "}]}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NotImplemented | operator | {\"DateLessThan\":{\"s3:if-match\":\"x\"}}",
                "NotImplemented | key | {\"Bool\":{\"aws:ViaAWSService\":\"true\"}}",
                "NotImplemented | variable | {\"StringLike\":{\"aws:PrincipalArn\":\"${aws:username}\"}}"
            })
    void whatTheSandboxCannotJudgeIsRefusedAtOnce(String code, String word, String condition) {
        S3Exception refused = assertThrows(
                S3Exception.class,
                () -> s3.putBucketPolicy(b -> b.bucket(BUCKET).policy(deny("s3:PutObject", condition))));
        assertEquals(code, refused.awsErrorDetails().errorCode());
        assertTrue(refused.getMessage().contains(word), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "{}",
                "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\"}]}",
                "{\"Statement\":[{\"Effect\":\"Maybe\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::gantry-sandbox\"}]}",
                "{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::other/*\"}]}"
            })
    void aMalformedPolicyIsRefusedAsS3DoesIt(String policy) {
        assertRefused(
                400,
                "MalformedPolicy",
                () -> s3.putBucketPolicy(b -> b.bucket(BUCKET).policy(policy)));
    }

    @Test
    void conditionsAreComparedAsIamDoesIt() {
        String denied = "{\"StringNotLike\":{\"s3:if-none-match\":\"never\"}}";
        sandbox.cloud().s3().putPolicy(BUCKET, deny("s3:putobject", denied));
        // A negated operator also holds if the key is missing.
        assertDenied(() -> put("a"));
        sandbox.cloud().s3().putPolicy(BUCKET, deny("s3:Put*", "{\"StringEquals\":{\"s3:if-none-match\":\"*\"}}"));
        put("a");
        assertDenied(() -> putOnce("b"));
        String arn = "{\"ArnLike\":{\"aws:PrincipalArn\":[\"arn:aws:iam::*:user/s?ndbox\",\"x\"]}}";
        sandbox.cloud().s3().putPolicy(BUCKET, deny("s3:*", arn));
        assertDenied(() -> get("a"));
        sandbox.cloud().s3().putPolicy(BUCKET, deny("s3:*", "{\"StringEqualsIfExists\":{\"s3:if-match\":\"x\"}}"));
        assertDenied(() -> get("a"));
    }
}
