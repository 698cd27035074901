package dev.gantry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.cli.base.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole commands against an endpoint that answers as AWS does on a bad day. */
class BadLuckTest {
    private static final String INSTANCE = "i-0123456789abcdef0";

    /** One answer of AWS. */
    private record Response(int status, String body) {}

    /** The answer of this test's AWS to an action or a path. */
    private interface Aws {
        Response to(String call);
    }

    private record Ran(int code, String out, String err) {
        String all() {
            return (out + err).replaceAll("\\s+", " ");
        }
    }

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Aws aws = call -> usual(call);

    @BeforeEach
    void listen() throws IOException {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String call = target != null
                    ? target
                    : body.contains("Action=")
                            ? body.replaceAll("(?s).*Action=(\\w+).*", "$1")
                            : exchange.getRequestURI().toString();
            calls.add(call);
            Response answer = aws.to(call);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** One fleet, whose instance waits; no record of it, and no agent. */
    private static Response usual(String call) {
        if (call.equals("DescribeAutoScalingInstances")) {
            return result(
                    call,
                    "<AutoScalingInstances><member><InstanceId>" + INSTANCE + "</InstanceId><AutoScalingGroupName>web"
                            + "</AutoScalingGroupName><LifecycleState>Pending:Wait</LifecycleState></member>"
                            + "</AutoScalingInstances>");
        } else if (call.equals("DescribeLifecycleHooks")) {
            return result(
                    call,
                    "<LifecycleHooks><member><LifecycleHookName>gantry</LifecycleHookName><LifecycleTransition>"
                            + "autoscaling:EC2_INSTANCE_LAUNCHING</LifecycleTransition></member></LifecycleHooks>");
        } else if (call.startsWith("Describe")) {
            return result(call, "");
        } else if (call.startsWith("AmazonSSM")) {
            return new Response(200, "{}");
        } else if (call.contains("list-type")) {
            return new Response(
                    200,
                    "<ListBucketResult><IsTruncated>false</IsTruncated><CommonPrefixes><Prefix>fleets/web/"
                            + "</Prefix></CommonPrefixes></ListBucketResult>");
        } else if (call.contains("settings.json")) {
            return new Response(
                    200,
                    "{\"fleet\":\"web\",\"hook\":\"gantry\",\"mode\":\"enforce\",\"document\":{\"name\":"
                            + "\"AWS-ApplyAnsiblePlaybooks\",\"version\":\"1\"}}");
        }
        return new Response(404, "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>");
    }

    private static Response result(String action, String inside) {
        return new Response(
                200,
                "<" + action + "Response><" + action + "Result>" + inside + "</" + action + "Result></" + action
                        + "Response>");
    }

    private static Response queryError(int status, String code) {
        return new Response(
                status,
                "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>as the test wants"
                        + "</Message></Error></ErrorResponse>");
    }

    private static Response error(String call, int status, String code) {
        if (call.startsWith("AmazonSSM") || call.contains("/functions/")) {
            return new Response(status, "{\"__type\":\"" + code + "\",\"message\":\"as the test wants\"}");
        }
        return call.startsWith("/")
                ? new Response(status, "<Error><Code>" + code + "</Code><Message>as the test wants</Message></Error>")
                : queryError(status, code);
    }

    private Ran run(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of(
                "--region",
                "eu-central-1",
                "--endpoint-url",
                "http://127.0.0.1:" + server.getAddress().getPort()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Gantry.run(Map.of(), new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
        assertFalse(err.toString().contains("\tat "), err::toString);
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void withoutAFaultTheInstanceIsExplained() {
        Ran ran = run("explain", INSTANCE, "--bucket", "bucket");

        assertEquals(0, ran.code(), ran.all());
        assertTrue(ran.out().startsWith(INSTANCE + " fleet web Pending:Wait\n"), ran.out());
        assertTrue(calls.size() <= 9, calls::toString);
    }

    @Test
    void expiredCredentialsAreNamedWithWhatToDo() {
        aws = call -> error(call, call.startsWith("/") ? 400 : 403, "ExpiredToken");

        Ran ran = run("fleets", "--bucket", "bucket");

        assertEquals(Problem.AWS, ran.code(), ran.all());
        assertTrue(ran.all().contains("your credentials have expired: log in again"), ran.all());
    }

    @Test
    void oneCallThatIsNotAllowedIsNamedAndTheRestIsShown() {
        aws = call ->
                call.endsWith("DescribeInstanceInformation") ? error(call, 400, "AccessDeniedException") : usual(call);

        Ran ran = run("explain", INSTANCE, "--bucket", "bucket");

        assertEquals(Problem.AWS, ran.code(), ran.all());
        assertTrue(ran.out().startsWith(INSTANCE + " fleet web Pending:Wait\n"), ran.out());
        assertTrue(ran.all().contains("DescribeInstanceInformation"), ran.all());
        assertTrue(ran.all().contains("allow it in your own policy"), ran.all());
    }

    @Test
    void aRegionWithoutGantryIsAskedAbout() {
        aws = call -> call.contains("/functions/") ? error(call, 404, "ResourceNotFoundException") : usual(call);

        Ran ran = run("fleets");

        assertEquals(Problem.AWS, ran.code(), ran.all());
        assertTrue(ran.all().contains("Is Gantry in this Region?"), ran.all());
        assertTrue(ran.all().contains("eu-central-1"), ran.all());
    }

    @Test
    void aThrottledCallIsRepeated() {
        AtomicInteger throttled = new AtomicInteger();
        aws = call -> call.equals("DescribeAutoScalingInstances") && throttled.getAndIncrement() < 2
                ? error(call, 400, "Throttling")
                : usual(call);

        Ran ran = run("explain", INSTANCE, "--bucket", "bucket");

        assertEquals(0, ran.code(), ran.all());
        assertEquals(3, throttled.get());
    }

    @Test
    void aCallThatStaysThrottledIsNamed() {
        aws = call -> call.equals("DescribeAutoScalingInstances") ? error(call, 400, "Throttling") : usual(call);

        Ran ran = run("explain", INSTANCE, "--bucket", "bucket");

        assertEquals(Problem.AWS, ran.code(), ran.all());
        assertTrue(ran.all().contains("DescribeAutoScalingInstances"), ran.all());
        assertTrue(ran.all().contains("Throttling"), ran.all());
    }

    @Test
    void anInstanceOfAnotherAccountIsInNoGroupHere() {
        aws = call -> call.equals("DescribeAutoScalingInstances") ? result(call, "") : usual(call);

        Ran ran = run("explain", INSTANCE, "--bucket", "bucket");

        assertEquals(0, ran.code(), ran.all());
        assertTrue(ran.all().contains("It is in no Auto Scaling group of this account and Region."), ran.all());
    }

    @Test
    void aRequestThatIsRefusedByTheBucketNamesTheBucket() {
        aws = call -> call.startsWith("/bucket") ? error(call, 403, "AccessDenied") : usual(call);

        Ran ran = run("releases", "web", "--bucket", "bucket");

        assertEquals(Problem.AWS, ran.code(), ran.all());
        assertTrue(ran.all().contains("bucket"), ran.all());
        assertTrue(ran.all().contains("AccessDenied"), ran.all());
    }
}
