package dev.gantry.sandbox.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.wire.Faults.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.SsmException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

class FrontTest {
    private final List<Journal.Entry> journal = new CopyOnWriteArrayList<>();
    private volatile Fault fault = new Fault.None();
    private Sandbox sandbox;
    private Clients clients;

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder()
                .journal(journal::add)
                .faults((service, operation, accessKey) -> fault)
                .start();
        sandbox.cloud().s3().createBucket("bucket");
        clients = Clients.of(sandbox);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void theCallerGetsItsIdentity() {
        try (StsClient sts = clients.sts()) {
            GetCallerIdentityResponse identity = sts.getCallerIdentity();
            assertEquals("arn:aws:iam::111122223333:user/sandbox", identity.arn());
            assertEquals("111122223333", identity.account());
        }
    }

    @Test
    void aRolesOwnKeyIsTheRole() {
        sandbox.cloud()
                .keys()
                .register("ASIAINSTANCE", AccessKeys.Identity.assumedRole("111122223333", "instance", "i-1"));
        try (StsClient sts = new Clients(sandbox.endpoint(), "ASIAINSTANCE").sts()) {
            assertEquals(
                    "arn:aws:sts::111122223333:assumed-role/instance/i-1",
                    sts.getCallerIdentity().arn());
        }
    }

    @Test
    void anUnknownKeyIsRefusedInEachProtocol() {
        Clients strangers = new Clients(sandbox.endpoint(), "AKIASTRANGER");
        try (StsClient sts = strangers.sts();
                SqsClient sqs = strangers.sqs();
                S3Client s3 = strangers.s3()) {
            assertEquals(
                    "InvalidClientTokenId",
                    assertThrows(StsException.class, sts::getCallerIdentity)
                            .awsErrorDetails()
                            .errorCode());
            assertEquals(
                    "UnrecognizedClientException",
                    assertThrows(SqsException.class, sqs::listQueues)
                            .awsErrorDetails()
                            .errorCode());
            assertEquals(
                    "InvalidAccessKeyId",
                    assertThrows(S3Exception.class, s3::listBuckets)
                            .awsErrorDetails()
                            .errorCode());
        }
    }

    @Test
    void aFormWithABrokenEscapeIsRefusedAndDoesNotCostTheConnection() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(sandbox.endpoint())
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=sandbox/20260101/eu-central-1/sts/aws4_request")
                .POST(HttpRequest.BodyPublishers.ofString("Action=%zz"))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("<Code>MalformedQueryString</Code>"), answer.body());
    }

    @Test
    void anUnknownServiceIsNamedTogetherWithTheKnownOnes() {
        try (SsmClient ssm = clients.build(SsmClient.builder())) {
            SsmException unknown = assertThrows(SsmException.class, ssm::listDocuments);
            assertEquals("UnknownService", unknown.awsErrorDetails().errorCode());
            String message = unknown.awsErrorDetails().errorMessage();
            assertTrue(
                    message.contains("AmazonSSM.ListDocuments") && message.contains("lambda, s3, sqs, sts"), message);
        }
    }

    @Test
    void anUnsignedRequestIsRefusedAsUnsigned() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sandbox.endpoint() + "/bucket/key"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(400, response.statusCode());
        assertTrue(response.body().contains("GET /bucket/key, which is not signed"), response.body());
    }

    @Test
    void theJournalNamesResourcesAndConditionKeysAndNoContent() {
        try (SqsClient sqs = clients.sqs();
                S3Client s3 = clients.s3()) {
            String queue = sqs.createQueue(b -> b.queueName("q")).queueUrl();
            sqs.sendMessage(b -> b.queueUrl(queue).messageBody("content"));
            assertEquals(
                    new RecordedRequest("POST /", Map.of("QueueUrl", queue)),
                    journal.get(1).request());
            s3.putObject(b -> b.bucket("bucket").key("a/key").ifNoneMatch("*"), RequestBody.fromString("content"));
            assertEquals(
                    new RecordedRequest("PUT /bucket/a/key", Map.of("if-none-match", "*")),
                    journal.get(2).request());
        }
    }

    @Test
    void theJournalNamesSeveralValuesTogetherAndNothingOfABrokenBody() {
        Map<String, String> json = Map.of("x-amz-target", "AmazonSSM.SendCommand");
        assertEquals(
                Map.of("DocumentName", "document", "InstanceIds", "i-1,i-2"),
                recorded(json, "{'DocumentName': 'document', 'InstanceIds': ['i-1', 'i-2'], 'Parameters': {}}"));
        assertEquals(Map.of(), recorded(json, "{"));
        Map<String, String> form = Map.of("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        assertEquals(
                Map.of("AutoScalingGroupName", "web"),
                recorded(form, "Action=SuspendProcesses&AutoScalingGroupName=web"));
        assertEquals(Map.of(), recorded(form, "Action=%zz"));
    }

    @Test
    void theJournalNamesTheTagsOfARequestHoweverItsServiceWritesThem() {
        Map<String, String> form = Map.of("content-type", "application/x-www-form-urlencoded");
        Map<String, String> tags = Map.of("aws:RequestTag/Project", "gantry", "aws:RequestTag/Name", "n 1");
        assertEquals(
                tags,
                recorded(
                        form,
                        "Action=CreateVpc&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=Project"
                                + "&TagSpecification.1.Tag.1.Value=gantry&TagSpecification.1.Tag.2.Key=Name"
                                + "&TagSpecification.1.Tag.2.Value=n+1"));
        assertEquals(
                tags,
                recorded(
                        form,
                        "Action=CreateRole&Tags.member.1.Key=Project&Tags.member.1.Value=gantry"
                                + "&Tags.member.2.Key=Name&Tags.member.2.Value=n+1"));
        assertEquals(
                Map.of("aws:RequestTag/Empty", ""), recorded(form, "Action=CreateTags&Tag.1.Key=Empty"), "no value");
        Map<String, String> json = Map.of("x-amz-target", "TrentService.CreateKey");
        assertEquals(
                tags,
                recorded(
                        json,
                        "{'Tags': [{'TagKey': 'Project', 'TagValue': 'gantry'}, {'TagKey': 'Name', 'TagValue': 'n 1'}]}"));
        assertEquals(
                tags,
                recorded(json, "{'Tags': [{'Key': 'Project', 'Value': 'gantry'}, {'Key': 'Name', 'Value': 'n 1'}]}"));
        assertEquals(tags, recorded(json, "{'tags': {'Project': 'gantry', 'Name': 'n 1'}}"));
    }

    @Test
    void theTagsThatALaunchTemplateGivesToInstancesAreNotThoseOfTheRequest() {
        assertEquals(
                Map.of(),
                recorded(
                        Map.of("content-type", "application/x-www-form-urlencoded"),
                        "Action=CreateLaunchTemplate&LaunchTemplateData.TagSpecification.1.Tag.1.Key=Project"
                                + "&LaunchTemplateData.TagSpecification.1.Tag.1.Value=gantry"));
    }

    private static Map<String, String> recorded(Map<String, String> headers, String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        WireRequest request = new WireRequest("POST", "/", headers, InputStream.nullInputStream());
        return RecordedRequest.of(request, bytes).names();
    }

    @Test
    void theJournalHoldsEveryCallWithItsOutcome() {
        try (SqsClient sqs = clients.sqs()) {
            sqs.createQueue(b -> b.queueName("q"));
            assertThrows(SqsException.class, () -> sqs.getQueueUrl(b -> b.queueName("none")));
        }
        List<String> calls = journal.stream()
                .map(entry -> entry.service() + " " + entry.operation() + " " + entry.accessKey() + " " + entry.status()
                        + " " + entry.error())
                .toList();
        assertEquals(List.of("sqs CreateQueue sandbox 200 ", "sqs GetQueueUrl sandbox 400 QueueDoesNotExist"), calls);
    }

    @Test
    void aThrottledCallTakesNoEffect() {
        try (SqsClient sqs = clients.sqs()) {
            fault = Fault.ErrorResponse.throttled("ThrottlingException");
            SqsException throttled = assertThrows(SqsException.class, () -> sqs.createQueue(b -> b.queueName("q")));
            assertTrue(throttled.isThrottlingException());
            fault = new Fault.None();
            assertEquals(List.of(), sqs.listQueues().queueUrls());
        }
    }

    @Test
    void aCallWhoseConnectionIsCutAfterItsEffectMeetsItsOwnWrite() {
        try (S3Client s3 = clients.s3()) {
            fault = new Fault.Cut(true);
            assertThrows(
                    SdkClientException.class,
                    () -> s3.putObject(b -> b.bucket("bucket").key("k"), RequestBody.fromString("x")));
            fault = new Fault.None();
            assertEquals(
                    "x", s3.getObjectAsBytes(b -> b.bucket("bucket").key("k")).asUtf8String());
            S3Exception own = assertThrows(
                    S3Exception.class,
                    () -> s3.putObject(b -> b.bucket("bucket").key("k").ifNoneMatch("*"), RequestBody.fromString("x")));
            assertEquals(412, own.statusCode());
        }
    }

    @Test
    void aCallWhoseAnswerEndsInTheMiddleHasTakenEffectAndIsNoAnswer() {
        try (SqsClient sqs = clients.sqs()) {
            fault = new Fault.HalfBody();
            assertThrows(SdkClientException.class, () -> sqs.createQueue(b -> b.queueName("q")));
            fault = new Fault.None();
            assertEquals(1, sqs.listQueues().queueUrls().size());
        }
    }

    @Test
    void anAnswerWithoutABodyIsCutInstead() {
        try (S3Client s3 = clients.s3()) {
            fault = new Fault.HalfBody();
            assertThrows(
                    SdkClientException.class,
                    () -> s3.putObject(b -> b.bucket("bucket").key("k"), RequestBody.fromString("x")));
            fault = new Fault.None();
            assertEquals(
                    "x", s3.getObjectAsBytes(b -> b.bucket("bucket").key("k")).asUtf8String());
        }
    }

    /** A key ends with its owner; afterwards a call that it signed would be refused. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallThatTakesEffectBeforeItsCallerIsLostDoesSoWithTheCallersKey(boolean afterEffect) {
        String key = "ASIAOFAFUNCTION";
        sandbox.cloud().keys().register(key, AccessKeys.Identity.assumedRole("111122223333", "function", "f"));
        fault = new Fault.CallerLost(afterEffect, () -> sandbox.cloud().keys().forget(key));
        try (SqsClient lost = new Clients(sandbox.endpoint(), key).sqs();
                SqsClient sqs = clients.sqs()) {
            assertThrows(SdkClientException.class, () -> lost.createQueue(b -> b.queueName("q")));
            fault = new Fault.None();
            assertEquals(afterEffect ? 1 : 0, sqs.listQueues().queueUrls().size());
        }
    }

    @Test
    void faultsAreAskedWithTheRequestsPath() throws IOException {
        List<String> paths = new CopyOnWriteArrayList<>();
        Faults listening = new Faults() {
            @Override
            public Fault on(String service, String operation, String accessKey) {
                return new Fault.None();
            }

            @Override
            public Fault on(String service, String operation, String accessKey, String path) {
                paths.add(path);
                return on(service, operation, accessKey);
            }
        };
        try (Sandbox other = Sandbox.builder().faults(listening).start();
                S3Client s3 = Clients.of(other).s3()) {
            assertThrows(
                    S3Exception.class,
                    () -> s3.getObject(b -> b.bucket("bucket").key("launches/web/i-1.json")));
        }
        assertEquals(List.of("/bucket/launches/web/i-1.json"), paths);
    }

    @Test
    void aDelayedCallIsStillAnswered() {
        fault = new Fault.Delay(Duration.ofMillis(1));
        try (SqsClient sqs = clients.sqs()) {
            assertEquals(List.of(), sqs.listQueues().queueUrls());
        }
    }
}
