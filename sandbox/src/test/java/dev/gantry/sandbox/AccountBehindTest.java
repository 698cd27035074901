package dev.gantry.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ec2.MachineFactory;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.lambda.FunctionSpec;
import dev.gantry.sandbox.wire.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox with an account behind it, whose answers each test sets by a word of the request. */
class AccountBehindTest {
    private static final String ACCOUNT = "arn:aws:lambda:eu-central-1:111122223333:function:";
    private static final String QUEUE = "arn:aws:sqs:eu-central-1:111122223333:launches";
    /** Lambda's description of an empty package. */
    private static final String NO_BYTES = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    @TempDir
    private Path folder;

    private final Map<String, String> answers = new LinkedHashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<Ec2.LaunchSpec> launched = new LinkedBlockingQueue<>();
    private HttpServer behind;
    private Sandbox sandbox;

    @BeforeEach
    void start() throws IOException {
        behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        behind.createContext("/", this::answer);
        behind.start();
        answers.put("/functions/", "{\"Functions\":[]}");
        answers.put("/event-source-mappings/", "{\"EventSourceMappings\":[]}");
        answers.put("/schedules", "{\"Schedules\":[]}");
        answers.put("AWSEvents.ListRules", "{\"Rules\":[]}");
        Upstream upstream = new Upstream(
                URI.create("http://127.0.0.1:" + behind.getAddress().getPort()));
        Path zip = Files.write(folder.resolve("functions.zip"), new byte[0]);
        AccountBehind account = new AccountBehind(upstream, Sandbox.REGION, List.of(zip));
        SimulatedFactory.Times times = new SimulatedFactory.Times(Duration.ZERO, Duration.ZERO);
        Region region = new Region(
                cloud -> new Launches(new SimulatedFactory(cloud.timers(), times, Script.succeedsAfter(Duration.ZERO))),
                (id, tags) -> Optional.empty(),
                new TemplatesBehind(upstream, Sandbox.REGION));
        sandbox = Sandbox.builder()
                .behind(account.backing())
                .with(region)
                .with(account)
                .start();
    }

    /** Machines whose launches are recorded. */
    private final class Launches implements MachineFactory {
        private final MachineFactory machines;

        Launches(MachineFactory machines) {
            this.machines = machines;
        }

        @Override
        public Machine create(String instanceId, Ec2.LaunchSpec spec, Machine.Watcher watcher) {
            launched.add(spec);
            return machines.create(instanceId, spec, watcher);
        }

        @Override
        public Optional<InetAddress> hostAddress() {
            return machines.hostAddress();
        }

        @Override
        public void close() {
            machines.close();
        }
    }

    @AfterEach
    void end() {
        sandbox.close();
        behind.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String target = Optional.ofNullable(exchange.getRequestHeaders().getFirst("x-amz-target"))
                .orElse("");
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + target + " " + body;
        asked.add(request);
        // The most specific word counts.
        byte[] answer = answers.entrySet().stream()
                .filter(entry -> request.contains(entry.getKey()))
                .reduce((earlier, later) ->
                        later.getKey().length() > earlier.getKey().length() ? later : earlier)
                .map(Map.Entry::getValue)
                .orElse("{}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private HttpResponse<String> call(String service, String target, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(sandbox.endpoint())
                .header("authorization", signature(service))
                .header(
                        "content-type",
                        target.isEmpty() ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!target.isEmpty()) {
            request.header("x-amz-target", target);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private boolean wasAsked(String word) {
        return asked.stream().anyMatch(request -> request.contains(word));
    }

    private String createGroup() throws Exception {
        return call(
                        "autoscaling",
                        "",
                        "Action=CreateAutoScalingGroup&Version=2011-01-01&AutoScalingGroupName=web&MinSize=0&MaxSize=1"
                                + "&DesiredCapacity=1&AvailabilityZones.member.1=eu-central-1a"
                                + "&LaunchTemplate.LaunchTemplateId=lt-1&LaunchTemplate.Version=3")
                .body();
    }

    private void withTemplate(String userData) {
        String encoded = Base64.getEncoder().encodeToString(userData.getBytes(StandardCharsets.UTF_8));
        answers.put(
                "DescribeLaunchTemplateVersions",
                "<R><item><launchTemplateId>lt-1</launchTemplateId><launchTemplateName>web</launchTemplateName>"
                        + "<versionNumber>3</versionNumber><launchTemplateData><instanceType>c7i.large</instanceType>"
                        + "<userData>" + encoded
                        + "</userData><iamInstanceProfile><arn>arn:aws:iam::1:instance-profile/x/p"
                        + "</arn></iamInstanceProfile></launchTemplateData></item></R>");
        answers.put("GetInstanceProfile", "<R><Roles><member><RoleName>web-instances</RoleName></member></Roles></R>");
    }

    @Test
    void aServiceThatTheSandboxLacksIsAnsweredByTheAccount() throws Exception {
        answers.put("Action=ListTopics", "<topics/>");

        assertEquals("<topics/>", call("sns", "", "Action=ListTopics").body());
    }

    @Test
    void anOperationThatTheSandboxLacksIsAnsweredByTheAccount() throws Exception {
        answers.put("Action=DescribePolicies", "<policies/>");

        assertEquals(
                "<policies/>",
                call("autoscaling", "", "Action=DescribePolicies").body());
    }

    @Test
    void aRefusalByTheSandboxStays() throws Exception {
        HttpResponse<String> answer = call("sqs", "AmazonSQS.GetQueueUrl", "{\"QueueName\":\"none\"}");

        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("QueueDoesNotExist"), answer.body());
        assertFalse(wasAsked("GetQueueUrl"));
    }

    @Test
    void aQueueIsMadeInBoth() throws Exception {
        call("sqs", "AmazonSQS.CreateQueue", "{\"QueueName\":\"launches\"}");

        assertTrue(sandbox.cloud().sqs().find("launches").isPresent());
        assertTrue(wasAsked("AmazonSQS.CreateQueue {\"QueueName\":\"launches\"}"));
    }

    @Test
    void instancesAreThoseOfTheLaunchTemplateWithTheRoleOfItsProfile() throws Exception {
        withTemplate("#!/bin/sh\ntrue\n");

        createGroup();

        assertTrue(wasAsked("InstanceProfileName=p"));
        Ec2.LaunchSpec spec = launch();
        assertEquals("c7i.large", spec.instanceType());
        assertEquals("#!/bin/sh\ntrue\n", spec.userData());
        assertEquals(Optional.of("web-instances"), spec.role());
    }

    /** The group's instance. */
    private Ec2.LaunchSpec launch() throws InterruptedException {
        return Optional.ofNullable(launched.poll(20, TimeUnit.SECONDS)).orElseThrow();
    }

    private void withFunction(String bucket) {
        answers.put(
                "/functions/",
                "{\"Functions\":[{\"FunctionName\":\"sweep\",\"Handler\":\"a.B::c\",\"Timeout\":60,\"MemorySize\":512,"
                        + "\"CodeSha256\":\"" + NO_BYTES + "\",\"Environment\":{\"Variables\":{\"GANTRY_BUCKET\":\""
                        + bucket + "\"}}}]}");
    }

    private FunctionSpec sweep() {
        return sandbox.cloud().lambda().find("sweep").orElseThrow().spec();
    }

    @Test
    void beforeAGroupIsMadeItsFunctionsAreThoseOfTheAccount() throws Exception {
        withTemplate("");
        withFunction("b");

        createGroup();

        assertEquals(Map.of("GANTRY_BUCKET", "b"), sweep().environment());
        assertEquals(Duration.ofMinutes(1), sweep().timeout());
    }

    @Test
    void runningFunctionsGetTheirNewEnvironmentWhenItIsChanged() throws Exception {
        withTemplate("");
        withFunction("b");
        answers.put(
                "AWSEvents.ListRules",
                "{\"Rules\":[{\"Name\":\"r\",\"Arn\":\"r\",\"EventPattern\":\"{\\\"source\\\":[\\\"a\\\"]}\"}]}");
        answers.put("AWSEvents.ListTargetsByRule", "{\"Targets\":[]}");
        createGroup();
        withFunction("another");

        put("/2015-03-31/functions/sweep/configuration");

        assertEquals(Map.of("GANTRY_BUCKET", "another"), sweep().environment());
    }

    private void put(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(sandbox.endpoint().resolve(path))
                .header("authorization", signature("lambda"))
                .PUT(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
    }

    private static String signature(String service) {
        return "AWS4-HMAC-SHA256 Credential=sandbox/20260101/eu-central-1/" + service
                + "/aws4_request, SignedHeaders=host, Signature=0";
    }

    @Test
    void aFunctionWithAnotherPackageIsRefusedByName() throws Exception {
        withTemplate("");
        answers.put(
                "/functions/",
                "{\"Functions\":[{\"FunctionName\":\"sweep\",\"Handler\":\"a.B::c\",\"Timeout\":60,\"MemorySize\":512,"
                        + "\"CodeSha256\":\"other\"}]}");

        String answer = createGroup();

        assertTrue(answer.contains("Function sweep was given a package that is none of"), answer);
    }

    @Test
    void aScheduleThatIsNoRateIsRefusedWithItsExpression() throws Exception {
        withTemplate("");
        answers.put("/schedules", "{\"Schedules\":[{\"Name\":\"sweep\"}]}");
        answers.put(
                "/schedules/sweep",
                "{\"Name\":\"sweep\",\"ScheduleExpression\":\"cron(0 3 * * ? *)\",\"Target\":{\"Arn\":\"" + ACCOUNT
                        + "sweep\"}}");

        String answer = createGroup();

        assertTrue(answer.contains("cron(0 3 * * ? *)"), answer);
    }

    @Test
    void theAccountsRulesDeliverEventsToQueuesWhosePolicyAllowsIt() throws Exception {
        withTemplate("");
        String rule = "arn:aws:events:eu-central-1:111122223333:rule/launches";
        String policy = "{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":{\\\"Service\\\":"
                + "\\\"events.amazonaws.com\\\"},\\\"Action\\\":\\\"sqs:SendMessage\\\",\\\"Condition\\\":{\\\"ArnEquals\\\":"
                + "{\\\"aws:SourceArn\\\":\\\"" + rule + "\\\"}}}]}";
        call(
                "sqs",
                "AmazonSQS.CreateQueue",
                "{\"QueueName\":\"launches\",\"Attributes\":{\"Policy\":\"" + policy + "\"}}");
        answers.put(
                "AWSEvents.ListRules",
                "{\"Rules\":[{\"Name\":\"launches\",\"Arn\":\"" + rule
                        + "\",\"State\":\"ENABLED\",\"EventPattern\":\"{\\\"source\\\":[\\\"aws.autoscaling\\\"]}\"}]}");
        answers.put("AWSEvents.ListTargetsByRule", "{\"Targets\":[{\"Id\":\"q\",\"Arn\":\"" + QUEUE + "\"}]}");

        createGroup();
        launch();

        String received = call(
                        "sqs",
                        "AmazonSQS.ReceiveMessage",
                        "{\"QueueUrl\":\"" + sandbox.cloud().sqs().url("launches") + "\",\"WaitTimeSeconds\":10}")
                .body();
        assertTrue(received.contains("aws.autoscaling"), received);
    }
}
