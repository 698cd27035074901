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

    private static final String JSON = ".json";
    private static final int DEFECT = 500;
    private static final int REFUSED = 401;
    private static final int WRONG_HOST = 421;
    private static final int WRONG_METHOD = 405;

    private final Site site;
    private final Renderer renderer = new Renderer();
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
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        return new ConsoleServer(source, key, server, clock, defects);
    }

    private ConsoleServer(Source source, byte[] key, HttpServer server, InstantSource clock, Consumer<String> defects) {
        this.site = new Site(source, clock);
        this.door = new Door(key, server.getAddress().getPort());
        this.server = server;
        this.clock = clock;
        this.defects = defects;
        this.live = new Live(this::changing);
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "console");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
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
                page(DEFECT, Pages.message("A defect of the console", String.valueOf(e), Optional.empty()))
                        .send(exchange);
            }
        } catch (IOException gone) {
            // The client has closed the connection.
        }
    }

    /** Empty where it was answered already, as a stream. */
    private Optional<Reply> reply(HttpExchange exchange) throws IOException {
        if (!door.isHost(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")))) {
            return Optional.of(Reply.text(WRONG_HOST, "This is " + origin() + ", and nothing else.\n"));
        } else if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            return Optional.of(Reply.text(WRONG_METHOD, "The console changes nothing.\n"));
        }
        String path = exchange.getRequestURI().getRawPath();
        Map<String, String> query = Query.of(exchange.getRequestURI().getRawQuery());
        if (query.containsKey("token")) {
            return Optional.of(exchanged(path, query.get("token")));
        } else if (path.startsWith("/assets/")) {
            return Optional.of(
                    Reply.asset(path.substring("/assets/".length())).orElseGet(() -> rendered(site.find(path), path)));
        } else if (!door.isKnown(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()))) {
            return Optional.of(locked());
        } else if (path.equals("/events")) {
            live.stream(exchange, query.getOrDefault("path", "/"));
            return Optional.empty();
        }
        return Optional.of(
                path.equals("/search") ? search(query.getOrDefault("q", "").strip()) : at(path));
    }

    private Reply exchanged(String path, String token) {
        return door.isToken(token) ? Reply.redirect(path, Optional.of(door.cookie())) : locked();
    }

    private Reply locked() {
        return page(
                REFUSED,
                Pages.message(
                        "This console does not know you",
                        "Open the address that gantry console printed where it was started: it has the token. On another"
                                + " machine, or for a path that a colleague sent, start a console of your own and open the same"
                                + " path there.",
                        Optional.of("gantry console")));
    }

    private Reply at(String path) {
        if (path.endsWith(JSON)) {
            Site.Found found = site.find(path.substring(0, path.length() - JSON.length()));
            return Reply.json(found.status(), found.page().json());
        }
        return rendered(site.findSoon(path), path);
    }

    private Reply search(String words) {
        Optional<InstanceId> whole = Search.whole(words);
        if (whole.isPresent()) {
            return Reply.redirect(Paths.SERVED.instance(whole.get()), Optional.empty());
        }
        Search.Hits hits = site.search(words);
        Page page = new Page(
                "Search",
                "search.jte",
                Map.of("words", words, "fleets", hits.fleets(), "launches", hits.launches()),
                "");
        return page(200, page);
    }

    private Reply rendered(Site.Found found, String path) {
        boolean isLive = found.status() != 404;
        Reply page = Reply.html(found.status(), renderer.whole(found.page(), frame(found, path, isLive)));
        // For readers without scripts; the others have the page as soon as it is there.
        return found.status() == Site.ASKED ? page.with("Refresh", "2") : page;
    }

    private Frame frame(Site.Found found, String path, boolean isLive) {
        String twin = isLive ? (path.equals("/") ? "/fleets" : path) + JSON : "";
        return new Frame(
                found.page().title(),
                Paths.SERVED,
                site.setting(),
                path,
                twin,
                new Frame.News(found.at(), found.error(), isLive, site.calls()));
    }

    private Live.Change changing(String path) {
        Site.Found found = site.find(path);
        return new Live.Change(
                Stream.of(found.at(), found.error()).toList(),
                () -> renderer.changing(found.page(), frame(found, path, true)));
    }

    /** A page that is not live, for a client that may not see more than it says. */
    private Reply page(int status, Page page) {
        boolean isInside = status == 200;
        Frame frame = new Frame(
                page.title(),
                Paths.SERVED,
                isInside ? site.setting() : Optional.empty(),
                "",
                "",
                new Frame.News(clock.instant(), Optional.empty(), false, 0));
        return Reply.html(status, renderer.whole(page, frame));
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
