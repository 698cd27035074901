package dev.gantry.sandbox.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.JsonService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A minimal server for one service with AWS JSON 1.1, so that the unmodified SDK can talk to it in a test.
 */
public final class JsonServer implements AutoCloseable {
    private final HttpServer server;
    private final JsonService service;

    public JsonServer(JsonService service) throws IOException {
        this.service = service;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            JsonNode input = Json.parse(body).orElseGet(Json::object);
            try {
                ObjectNode output = service.call(target.substring(target.indexOf('.') + 1), (ObjectNode) input);
                respond(exchange, 200, output);
            } catch (AwsError e) {
                respond(
                        exchange,
                        e.status(),
                        Json.object().put("__type", e.code()).put("message", e.getMessage()));
            }
        }
    }

    private static void respond(HttpExchange exchange, int status, ObjectNode output) throws IOException {
        byte[] bytes = output.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
