package dev.gantry.sandbox.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A double of S3 with the two calls that the agent makes, pages of two keys, and a list of what was asked. */
public final class SmallS3 implements AutoCloseable {
    private final HttpServer server;
    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean refusesLists;

    public SmallS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public synchronized void put(String bucketAndKey, byte[] content) {
        objects.put(bucketAndKey, content);
    }

    public void refuseLists() {
        refusesLists = true;
    }

    public List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            requests.add(uri.toString());
            boolean signed = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .filter(value -> value.startsWith("AWS4-HMAC-SHA256 Credential=sandbox/"))
                    .isPresent();
            if (!signed || (refusesLists && uri.getQuery() != null)) {
                send(
                        exchange,
                        403,
                        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
                                .getBytes(StandardCharsets.UTF_8));
            } else if (uri.getQuery() != null) {
                send(exchange, 200, list(uri).getBytes(StandardCharsets.UTF_8));
            } else {
                get(exchange, uri.getPath().substring(1));
            }
        }
    }

    private synchronized void get(HttpExchange exchange, String name) throws IOException {
        byte[] content = objects.get(name);
        if (content == null) {
            String error = "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>";
            send(exchange, 404, error.getBytes(StandardCharsets.UTF_8));
        } else {
            send(exchange, 200, content);
        }
    }

    private synchronized String list(URI uri) {
        String bucket = uri.getPath().substring(1);
        List<String> keys = new ArrayList<>();
        for (String name : objects.keySet()) {
            if (name.startsWith(bucket + "/" + query(uri, "prefix").orElse(""))) {
                keys.add(name.substring(bucket.length() + 1));
            }
        }
        int from = query(uri, "continuation-token").map(Integer::parseInt).orElse(0);
        StringBuilder xml = new StringBuilder("<ListBucketResult>");
        keys.stream().skip(from).limit(2).forEach(key -> xml.append("<Contents><Key>")
                .append(key)
                .append("</Key></Contents>"));
        if (keys.size() > from + 2) {
            xml.append("<NextContinuationToken>").append(from + 2).append("</NextContinuationToken>");
        }
        return xml.append("</ListBucketResult>").toString();
    }

    private static Optional<String> query(URI uri, String name) {
        for (String pair : uri.getRawQuery().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return Optional.of(URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
