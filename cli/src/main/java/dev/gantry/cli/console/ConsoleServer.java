package dev.gantry.cli.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.cli.console.page.Frame;
import dev.gantry.cli.console.page.Page;
import dev.gantry.cli.console.page.Pages;
import dev.gantry.cli.console.page.Paths;
import dev.gantry.cli.console.page.Renderer;
import dev.gantry.launch.id.InstanceId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Serves the pages on loopback only, to browsers that have the token of the printed address. */
public final class ConsoleServer implements AutoCloseable {
    static {
        // Otherwise small answers wait for the acknowledgement of their headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Not the JVM's idea of it, which may be IPv6's: the printed address names this one. */
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private static final String JSON = ".json";
    private static final String SEARCH = "/search";
    private static final String ASSETS = "/assets/";
    private static final int DEFECT = 500;
    private static final int REFUSED = 401;
    private static final int WRONG_HOST = 421;
    private static final int WRONG_METHOD = 405;

    private final Site site;
    private final Renderer renderer = new Renderer();
    private final Drawn drawn = new Drawn(renderer);
    private final Live live;
    private final Door door;
    private final HttpServer server;
    private final ExecutorService threads;
    private final InstantSource clock;
    private final Consumer<String> defects;

    /**
     * Starts serving.
     *
     * @param key secret and random: cookies of one key are good for every server with it
     * @param port 0 for a free one
     * @param defects receives one line for each defect of this server
     */
    public static ConsoleServer start(
            Source source, byte[] key, int port, InstantSource clock, Consumer<String> defects) throws IOException {
        return start(source, Pace.USUAL, key, port, clock, defects);
    }

    /** The same at another pace. */
    static ConsoleServer start(
            Source source, Pace pace, byte[] key, int port, InstantSource clock, Consumer<String> defects)
            throws IOException {
        // Before the port is taken: it fails where the deployment is not found.
        Site site = new Site(source, pace, clock);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
        return new ConsoleServer(site, pace, new Door(key, server.getAddress().getPort()), server, defects, clock);
    }

    private ConsoleServer(
            Site site, Pace pace, Door door, HttpServer server, Consumer<String> defects, InstantSource clock) {
        this.site = site;
        this.door = door;
        this.server = server;
        this.clock = clock;
        this.defects = defects;
        this.live = new Live(this::changing, pace.look());
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "console");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        threads.execute(() -> WarmUp.draw(renderer, site.setting()));
    }

    /** What to open: the token in it is exchanged for a cookie at once. */
    public String address() {
        return origin() + "/?token=" + door.token();
    }

    /** The same without the token. */
    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many pages are kept live now. */
    int open() {
        return live.open();
    }

    @Override
    public void close() {
        live.close();
        site.close();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            try {
                Optional<Reply> reply = reply(exchange);
                if (reply.isPresent()) {
                    reply.get().send(exchange);
                }
            } catch (RuntimeException e) {
                defects.accept("console: " + exchange.getRequestURI().getPath() + ": " + e);
                alone(DEFECT, Pages.message("A defect of the console", String.valueOf(e), Optional.empty()))
                        .send(exchange);
            }
        } catch (IOException gone) {
            // The client has closed the connection.
        }
    }

    /** Empty where it was answered already, as a stream. */
    private Optional<Reply> reply(HttpExchange exchange) throws IOException {
        if (!door.isHost(exchange.getRequestHeaders().getOrDefault("Host", List.of()))) {
            return Optional.of(Reply.text(WRONG_HOST, "This is " + origin() + ", and nothing else.\n"));
        } else if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            return Optional.of(
                    Reply.text(WRONG_METHOD, "The console changes nothing.\n").with("Allow", "GET, HEAD"));
        }
        String path = exchange.getRequestURI().getRawPath();
        Map<String, String> query = Query.of(exchange.getRequestURI().getRawQuery());
        Optional<Reply> asset =
                path.startsWith(ASSETS) ? Reply.asset(path.substring(ASSETS.length())) : Optional.empty();
        if (query.containsKey("token")) {
            return Optional.of(exchanged(path, query.get("token")));
        } else if (asset.isPresent()) {
            return asset;
        } else if (!door.isKnown(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()))) {
            String raw = exchange.getRequestURI().getRawQuery();
            return Optional.of(locked(raw == null ? path : path + "?" + raw));
        } else if (path.equals("/events")) {
            live.stream(exchange, query.getOrDefault("path", "/"));
            return Optional.empty();
        }
        boolean isSearch = path.equals(SEARCH) || path.equals(SEARCH + JSON);
        return Optional.of(isSearch ? search(path, query.getOrDefault("q", "").strip()) : at(path));
    }

    private Reply exchanged(String path, String token) {
        return door.isToken(token) ? Reply.redirect(path, Optional.of(door.cookie())) : locked(path);
    }

    /** {@code path} is offered once more: browsers keep a strict cookie back where a link of another site was followed. */
    private Reply locked(String path) {
        return alone(REFUSED, Pages.locked(Reply.here(path)));
    }

    private Reply at(String path) {
        return path.endsWith(JSON)
                ? twin(site.find(path.substring(0, path.length() - JSON.length())))
                : rendered(site.findSoon(path), path, twinOf(path));
    }

    private Reply search(String path, String words) {
        Optional<InstanceId> whole = Search.whole(words);
        if (path.endsWith(JSON)) {
            return twin(site.search(words));
        } else if (whole.isPresent()) {
            return Reply.redirect(Paths.SERVED.instance(whole.get()), Optional.empty());
        }
        return rendered(
                site.searchSoon(words), path, SEARCH + JSON + "?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8));
    }

    private static String twinOf(String path) {
        return (path.equals("/") ? "/fleets" : path) + JSON;
    }

    private static Reply twin(Found found) {
        return Reply.json(found.status(), found.page().json().get());
    }

    private Reply rendered(Found found, String path, String twin) {
        String inside = found.isLive() ? drawn.of(path, found.page()) : renderer.inside(found.page(), Paths.SERVED);
        Reply page = Reply.html(found.status(), renderer.whole(inside, frame(found, path, twin)));
        // A live one is told as soon as it is there.
        return found.isAwaited() && !found.isLive() ? page.with("Refresh", "1") : page;
    }

    private Frame frame(Found found, String path, String twin) {
        return new Frame(
                found.page().title(),
                Paths.SERVED,
                Optional.of(site.setting()),
                path,
                found.isLive() || found.status() != Found.MISSING ? twin : "",
                new Frame.News(found.at(), found.error(), found.isLive(), found.isAwaited(), site.calls()));
    }

    private Live.Change changing(String path) {
        Found found = site.findSoon(path);
        return new Live.Change(
                Stream.of(found.status(), found.at(), found.error()).toList(),
                () -> renderer.changing(drawn.of(path, found.page()), frame(found, path, twinOf(path))));
    }

    /** A page that says this alone, for a client that may not see more. */
    private Reply alone(int status, Page page) {
        Frame frame = new Frame(
                page.title(),
                Paths.SERVED,
                Optional.empty(),
                "",
                "",
                new Frame.News(clock.instant(), Optional.empty(), false, false, 0));
        return Reply.html(status, renderer.whole(renderer.inside(page, Paths.SERVED), frame));
    }

    /** The parameters after the question mark. */
    private static final class Query {
        private Query() {}

        static Map<String, String> of(String raw) {
            Map<String, String> query = new java.util.HashMap<>();
            Stream.ofNullable(raw).flatMap(all -> Stream.of(all.split("&"))).forEach(pair -> {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
                }
            });
            return query;
        }

        private static String decoded(String text) {
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notEncoded) {
                return text;
            }
        }
    }
}
