package dev.gantry.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The Runtime API of one environment: the runtime asks for the next invocation and reports how it ended. Source: Lambda
 * developer guide, "Using the Lambda runtime API".
 */
final class RuntimeApi implements AutoCloseable {
    private static final String BASE = "/2018-06-01/runtime/";

    private final HttpServer server;
    private final ExecutorService threads;
    private final Handler handler;

    /** What the runtime does, as the environment sees it. */
    interface Handler {
        /** Blocks until there is an invocation; empty when there never will be one. */
        Optional<Execution> next() throws InterruptedException;

        /** The headers that come with an invocation. */
        Map<String, String> headers(Execution execution);

        /** False where no such invocation runs. */
        boolean ended(String requestId, Outcome outcome);

        void initFailed(Outcome outcome);
    }

    RuntimeApi(Handler handler) throws IOException {
        this.handler = handler;
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "sandbox-runtime-api");
            thread.setDaemon(true);
            return thread;
        });
        server.createContext(BASE, this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** What the runtime finds in AWS_LAMBDA_RUNTIME_API. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] parts =
                    exchange.getRequestURI().getPath().substring(BASE.length()).split("/", -1);
            String route = exchange.getRequestMethod() + " " + parts[0] + " " + parts[parts.length - 1];
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            switch (route) {
                case "GET invocation next" -> sendNext(exchange);
                case "POST invocation response" -> accept(exchange, handler.ended(parts[1], limited(body)));
                case "POST invocation error" -> accept(exchange, handler.ended(parts[1], Outcome.error(body)));
                case "POST init error" -> {
                    handler.initFailed(Outcome.error(body));
                    accept(exchange, true);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static Outcome limited(String payload) {
        // 6 MB and 100 bytes: Lambda developer guide, quotas, and the message that Lambda gives.
        int most = 6_291_556;
        return payload.getBytes(UTF_8).length <= most
                ? Outcome.success(payload)
                : Outcome.error(
                        "Function.ResponseSizeTooLarge",
                        "Response payload size exceeded maximum allowed payload size (" + most + " bytes).");
    }

    private void sendNext(HttpExchange exchange) throws IOException {
        Optional<Execution> next;
        try {
            next = handler.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (next.isPresent()) {
            handler.headers(next.get()).forEach(exchange.getResponseHeaders()::set);
            byte[] payload = next.get().payload().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, payload.length);
            exchange.getResponseBody().write(payload);
        }
    }

    private static void accept(HttpExchange exchange, boolean known) throws IOException {
        byte[] body = (known ? "{\"status\":\"OK\"}" : "{\"errorType\":\"InvalidRequestID\"}").getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(known ? 202 : 400, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
