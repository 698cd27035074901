package dev.gantry.sandbox.autoscaling;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.QueryService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A minimal server for a Query service on loopback, so that clients that are not ours can judge its XML. */
final class QueryFront implements AutoCloseable {
    private final QueryService service;
    private final HttpServer server;

    QueryFront(QueryService service) throws IOException {
        this.service = service;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String action = form.getOrDefault("Action", "");
        try {
            String result = service.call(action, form);
            answer(
                    exchange,
                    200,
                    "<" + action + "Response xmlns=\"" + service.namespace() + "\"><" + action + "Result>" + result
                            + "</" + action + "Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></"
                            + action + "Response>");
        } catch (AwsError e) {
            String error = new Xml()
                    .text("Type", "Sender")
                    .text("Code", e.code())
                    .text("Message", e.getMessage())
                    .toString();
            answer(
                    exchange,
                    e.status(),
                    "<ErrorResponse xmlns=\"" + service.namespace() + "\"><Error>" + error
                            + "</Error><RequestId>r-1</RequestId></ErrorResponse>");
        }
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] body = xml.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
