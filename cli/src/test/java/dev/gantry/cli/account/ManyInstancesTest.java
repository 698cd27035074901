package dev.gantry.cli.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.FleetLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a group of 5,000 instances costs in calls: none for those that are in service. */
class ManyInstancesTest {
    private static final int ALL = 5000;
    private static final int WAITING = 3;
    private static final String SETTINGS = "{\"fleet\":\"web\",\"hook\":\"gantry\",\"mode\":\"enforce\","
            + "\"document\":{\"name\":\"AWS-ApplyAnsiblePlaybooks\",\"version\":\"1\"}}";

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private HttpServer aws;

    @BeforeEach
    void listen() throws IOException {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
        aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        aws.createContext("/", this::answer);
        aws.setExecutor(Executors.newCachedThreadPool());
        aws.start();
    }

    @AfterEach
    void stop() {
        aws.stop(0);
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            boolean isQuery = body.contains("Action=");
            String action = isQuery ? body.replaceAll(".*Action=(\\w+).*", "$1") : path;
            calls.add(action);
            Optional<String> found = isQuery ? Optional.of(autoScaling(action)) : object(exchange, path);
            byte[] bytes = found.orElse("<Error><Code>NoSuchKey</Code><Message>x</Message></Error>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            exchange.sendResponseHeaders(found.isPresent() ? 200 : 404, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Optional<String> object(HttpExchange exchange, String path) {
        if (String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type")) {
            return Optional.of(
                    "<ListBucketResult><IsTruncated>false</IsTruncated><CommonPrefixes><Prefix>fleets/web/"
                            + "</Prefix></CommonPrefixes><Contents><Key>fleets/web/settings.json</Key></Contents></ListBucketResult>");
        }
        return path.endsWith("settings.json") ? Optional.of(SETTINGS) : Optional.empty();
    }

    private static String autoScaling(String action) {
        if (!action.equals("DescribeAutoScalingGroups")) {
            return "<" + action + "Response><" + action + "Result></" + action + "Result></" + action + "Response>";
        }
        String members = IntStream.range(0, ALL)
                .mapToObj(n -> String.format(
                        "<member><InstanceId>i-%017x</InstanceId><LifecycleState>%s</LifecycleState></member>",
                        n, n < WAITING ? "Pending:Wait" : "InService"))
                .collect(Collectors.joining());
        return "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>"
                + "<AutoScalingGroupName>web</AutoScalingGroupName><Instances>" + members
                + "</Instances></member></AutoScalingGroups></DescribeAutoScalingGroupsResult>"
                + "</DescribeAutoScalingGroupsResponse>";
    }

    @Test
    void onlyAnInstanceThatWaitsCostsARead() {
        Target target = new Target(
                Optional.empty(),
                Optional.of("eu-central-1"),
                Optional.of(URI.create("http://127.0.0.1:" + aws.getAddress().getPort())),
                Optional.of("bucket"),
                Target.FUNCTION);
        try (Account account = new Account(target, Clock.systemUTC())) {
            List<FleetLine> lines = account.fleets().lines(Set.of(new FleetName("web")));

            assertEquals(ALL - WAITING, lines.get(0).inService());
            assertEquals(WAITING, lines.get(0).waiting(), lines::toString);
        }
        long records =
                calls.stream().filter(call -> call.contains("/launches/")).count();
        assertTrue(records <= WAITING, calls::toString);
        assertTrue(calls.size() <= 12, calls::toString);
    }
}
