package dev.gantry.sandbox.wire;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The endpoint: HTTP on loopback, and on such further addresses as instances reach it by, all with the same port. Bodies
 * are streamed. A long poll holds a thread, so the pool grows with the clients.
 */
public final class FrontServer implements AutoCloseable {
    private static final int BACKLOG = 256;

    static {
        // Without it every small answer waits for the client's delayed acknowledgement: 40 ms a call.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Front front;
    private final ExecutorService threads;
    private final Map<InetAddress, HttpServer> servers = new LinkedHashMap<>();
    private final int port;

    /**
     * Binds to loopback and begins to answer.
     *
     * @param port 0 for any that is free
     * @throws IOException where the port is taken
     */
    public FrontServer(Front front, int port) throws IOException {
        this.front = front;
        AtomicInteger count = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "sandbox-front-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        this.port = bind(loopback, port);
    }

    /** Answers on a further address too, for example a bridge's, so that instances with a network of their own reach it. */
    public void listenOn(InetAddress address) throws IOException {
        bind(address, port);
    }

    private synchronized int bind(InetAddress address, int wanted) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(address, wanted), BACKLOG);
        } catch (IOException e) {
            throw new IOException(
                    "Cannot listen on " + address.getHostAddress() + " port " + wanted + ": " + e.getMessage()
                            + ". Choose another port.",
                    e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
        servers.put(address, server);
        return server.getAddress().getPort();
    }

    /** What clients take for {@code AWS_ENDPOINT_URL}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<WireResponse> response = front.answer(request(exchange));
            if (response.isPresent()) {
                send(exchange, response.get());
            }
        }
    }

    private static WireRequest request(HttpExchange exchange) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            headers.put(header.getKey().toLowerCase(Locale.ROOT), String.join(",", header.getValue()));
        }
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        return new WireRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query,
                WireRequest.form(query),
                headers,
                exchange.getRequestBody());
    }

    private static void send(HttpExchange exchange, WireResponse response) throws IOException {
        response.headers().forEach(exchange.getResponseHeaders()::set);
        try (InputStream body = response.body()) {
            // An unread body would leave the connection unusable for the next request.
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            if (exchange.getRequestMethod().equals("HEAD") || response.length() == 0) {
                exchange.sendResponseHeaders(response.status(), -1);
                return;
            }
            exchange.sendResponseHeaders(response.status(), response.length());
            try (OutputStream out = exchange.getResponseBody()) {
                body.transferTo(out);
            }
        }
    }

    @Override
    public synchronized void close() {
        servers.values().forEach(server -> server.stop(0));
        servers.clear();
        threads.shutdownNow();
    }
}
