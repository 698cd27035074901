package dev.gantry.sandbox.ec2;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * The instance metadata service, version 2 only: a token by PUT, 1 to 21,600 seconds long, and 401 without it (EC2 user
 * guide, "Use the Instance Metadata Service"). One service answers all instances; the address of a request
 * identifies its instance.
 */
public final class MetadataService implements AutoCloseable {
    private static final int MAX_TTL_SECONDS = 21_600;

    private final Function<String, Optional<Ec2.Instance>> byAddress;
    private final MetadataTree tree;
    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Token> tokens = new ConcurrentHashMap<>();

    private record Token(String instanceId, Instant expires) {}

    /**
     * @param address of the bridge that the machines are on
     * @param byAddress finds an instance by its private address
     * @throws IOException where the address cannot be listened on
     */
    public MetadataService(
            InetAddress address,
            Function<String, Optional<Ec2.Instance>> byAddress,
            MetadataTree tree,
            InstantSource clock)
            throws IOException {
        this.byAddress = byAddress;
        this.tree = tree;
        this.clock = clock;
        this.threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "gantry-metadata");
            thread.setDaemon(true);
            return thread;
        });
        this.server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** For {@link GuestServices}. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String caller = exchange.getRemoteAddress().getAddress().getHostAddress();
            Optional<Ec2.Instance> instance = byAddress.apply(caller);
            String path = exchange.getRequestURI().getPath();
            if (instance.isEmpty()) {
                respond(exchange, 404, "");
            } else if (path.equals("/latest/api/token")) {
                token(exchange, instance.get());
            } else if (!exchange.getRequestMethod().equals("GET")) {
                respond(exchange, 405, "");
            } else if (!authorized(exchange, instance.get())) {
                respond(exchange, 401, "");
            } else {
                Optional<String> value = tree.read(path, instance.get(), clock.instant());
                respond(exchange, value.isPresent() ? 200 : 404, value.orElse(""));
            }
        }
    }

    private void token(HttpExchange exchange, Ec2.Instance instance) throws IOException {
        if (!exchange.getRequestMethod().equals("PUT")) {
            respond(exchange, 405, "");
            return;
        }
        // A request that came through a proxy is refused: that is what the PUT is for.
        if (exchange.getRequestHeaders().containsKey("X-Forwarded-For")) {
            respond(exchange, 403, "");
            return;
        }
        String ttl = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token-ttl-seconds");
        if (ttl == null
                || !ttl.matches("[0-9]{1,5}")
                || Integer.parseInt(ttl) < 1
                || Integer.parseInt(ttl) > MAX_TTL_SECONDS) {
            respond(exchange, 400, "");
            return;
        }
        Instant now = clock.instant();
        tokens.values().removeIf(old -> old.expires().isBefore(now));
        String token = UUID.randomUUID().toString();
        tokens.put(token, new Token(instance.id(), now.plus(Duration.ofSeconds(Integer.parseInt(ttl)))));
        exchange.getResponseHeaders().set("X-aws-ec2-metadata-token-ttl-seconds", ttl);
        respond(exchange, 200, token);
    }

    private boolean authorized(HttpExchange exchange, Ec2.Instance instance) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"))
                .map(tokens::get)
                .filter(token -> token.instanceId().equals(instance.id()))
                .filter(token -> clock.instant().isBefore(token.expires()))
                .isPresent();
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.getResponseHeaders().set("Server", "EC2ws");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
