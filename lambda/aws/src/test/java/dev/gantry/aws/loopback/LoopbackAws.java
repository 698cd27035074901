package dev.gantry.aws.loopback;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.aws.AwsClients;
import dev.gantry.stored.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/** A hand-written double of AWS's endpoints on loopback: it answers as the test says, and remembers every request. */
public final class LoopbackAws implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AwsClients clients;

    public LoopbackAws(Function<Call, Response> script) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> handle(exchange, script));
        server.setExecutor(threads);
        server.start();
        clients = clientsOf(endpoint(), Duration.ofSeconds(10));
    }

    /** Clients of any endpoint, with the sandbox's credentials and Region. */
    public static AwsClients clientsOf(URI endpoint, Duration attempt) {
        return AwsClients.builder()
                .endpoint(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("sandbox", "sandbox")))
                .attemptTimeout(attempt)
                .build();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public AwsClients clients() {
        return clients;
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The requests of one action. */
    public List<Call> calls(String action) {
        return calls.stream().filter(call -> call.action().equals(action)).toList();
    }

    private void handle(HttpExchange exchange, Function<Call, Response> script) throws IOException {
        try (exchange) {
            Call call = Call.of(exchange);
            calls.add(call);
            Response answer = script.apply(call);
            if (answer.status() == 0) {
                return; // closing an exchange without an answer drops the connection
            }
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
            boolean bodiless = call.method().equals("HEAD") || answer.body().length == 0;
            exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : answer.body().length);
            if (!bodiless) {
                int sent = answer.isCutShort() ? answer.body().length / 2 : answer.body().length;
                exchange.getResponseBody().write(answer.body(), 0, sent);
            }
        }
    }

    @Override
    public void close() {
        clients.close();
        server.stop(0);
        threads.shutdownNow();
    }

    /**
     * A request as it arrived.
     *
     * @param path still encoded
     * @param query decoded
     * @param headers by lower-case names
     */
    public record Call(
            String method, String path, Map<String, String> query, Map<String, String> headers, byte[] bytes) {

        public static Call of(HttpExchange exchange) throws IOException {
            Map<String, String> headers = new LinkedHashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
            return new Call(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    pairs(exchange.getRequestURI().getRawQuery()),
                    headers,
                    exchange.getRequestBody().readAllBytes());
        }

        public String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return Json.tree(body()).orElseThrow();
        }

        /** The fields of a request of the Query protocol. */
        public Map<String, String> form() {
            return pairs(body());
        }

        /** The action of JSON and Query protocols. */
        public String action() {
            String target = headers.getOrDefault("x-amz-target", "");
            return target.isEmpty() ? form().getOrDefault("Action", method) : target.substring(target.indexOf('.') + 1);
        }

        private static Map<String, String> pairs(String text) {
            Map<String, String> pairs = new LinkedHashMap<>();
            for (String pair : text == null ? new String[0] : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    pairs.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                }
            }
            return pairs;
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    /** What to answer; status 0 drops the connection after the request was read. */
    public record Response(int status, Map<String, String> headers, byte[] body) {

        public static final Response LOST = new Response(0, Map.of(), new byte[0]);

        private static final String CUT_SHORT = "X-Cut-Short";

        /** The same, but the connection ends in the middle of the body, whose length was promised. */
        public Response cutShort() {
            Map<String, String> marked = new LinkedHashMap<>(headers);
            marked.put(CUT_SHORT, "yes");
            return new Response(status, marked, body);
        }

        public boolean isCutShort() {
            return headers.containsKey(CUT_SHORT);
        }

        public static Response of(int status, String body) {
            return new Response(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        }

        public static Response json(String body) {
            return new Response(
                    200, Map.of("Content-Type", "application/x-amz-json-1.1"), body.getBytes(StandardCharsets.UTF_8));
        }

        /** An error of the JSON protocols. */
        public static Response error(int status, String code, String message) {
            byte[] body = Json.bytes(Json.object().put("__type", code).put("message", message));
            return new Response(status, Map.of("Content-Type", "application/x-amz-json-1.1"), body);
        }

        /** A result of the Query protocol. */
        public static Response query(String action, String result) {
            return of(
                    200,
                    "<" + action + "Response xmlns=\"http://autoscaling.amazonaws.com/doc/2011-01-01/\"><" + action
                            + "Result>" + result + "</" + action + "Result><ResponseMetadata><RequestId>r</RequestId>"
                            + "</ResponseMetadata></" + action + "Response>");
        }

        /** An error of the Query protocol. */
        public static Response queryError(int status, String code, String message) {
            return of(
                    status,
                    "<ErrorResponse xmlns=\"http://autoscaling.amazonaws.com/doc/2011-01-01/\"><Error><Type>Sender</Type>"
                            + "<Code>" + code + "</Code><Message>" + message
                            + "</Message></Error><RequestId>r</RequestId></ErrorResponse>");
        }

        /** An error of S3. */
        public static Response s3Error(int status, String code) {
            return of(
                    status,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code><Message>" + code
                            + " it is</Message><RequestId>r</RequestId></Error>");
        }
    }

    /** Answers one after the other; the last one from then on. */
    public static Function<Call, Response> inOrder(Response... answers) {
        List<Response> left = new ArrayList<>(List.of(answers));
        return call -> {
            synchronized (left) {
                return left.size() > 1 ? left.remove(0) : left.get(0);
            }
        };
    }
}
