package dev.gantry.cli.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** An answer, with the headers that keep pages to themselves. */
record Reply(int status, String type, byte[] body, Map<String, String> headers) {
    /** No script, style or connection but this server's own; nothing inline; no frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final String FOLDER = "/dev/gantry/cli/console/";
    private static final Map<String, String> ASSETS = Map.of(
            "console.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private static final int SMALLEST_PACKED = 1_000;

    /** A page. */
    static Reply html(int status, String html) {
        return of(status, "text/html; charset=utf-8", html);
    }

    /** A page's twin. */
    static Reply json(int status, String json) {
        return of(status, "application/json; charset=utf-8", json + "\n");
    }

    /** A line. */
    static Reply text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text);
    }

    /** To another path of this server. */
    static Reply redirect(String path, Optional<String> cookie) {
        String target = here(path);
        Map<String, String> headers = cookie.map(value -> Map.of("Location", target, "Set-Cookie", value))
                .orElse(Map.of("Location", target));
        return new Reply(303, "text/plain; charset=utf-8", new byte[0], headers);
    }

    /** The path, on this server: two slashes would lead to another host. */
    static String here(String path) {
        return path.startsWith("//") ? "/" : path;
    }

    /** A file that pages use; empty where there is none of this name. */
    static Optional<Reply> asset(String name) {
        return bytesOf(name).map(bytes -> new Reply(200, ASSETS.get(name), bytes, Map.of("Cache-Control", "no-cache")));
    }

    /** The names of all files that pages use. */
    static Iterable<String> assets() {
        return ASSETS.keySet();
    }

    /** The bytes of a file that pages use; empty where there is none of this name. */
    static Optional<byte[]> bytesOf(String name) {
        if (!ASSETS.containsKey(name)) {
            return Optional.empty();
        }
        try (InputStream file = Reply.class.getResourceAsStream(FOLDER + name)) {
            return Optional.of(file.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("the build left " + name + " out", e);
        }
    }

    /** With one more header. */
    Reply with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Reply(status, type, body, more);
    }

    private static Reply of(int status, String type, String text) {
        return new Reply(status, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** The headers of every answer. */
    static void guard(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    void send(HttpExchange exchange) throws IOException {
        Headers sent = exchange.getResponseHeaders();
        guard(sent);
        headers.forEach(sent::set);
        sent.set("Content-Type", type);
        byte[] bytes = body;
        String accepted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
        if (body.length >= SMALLEST_PACKED && accepted.contains("gzip")) {
            sent.set("Content-Encoding", "gzip");
            bytes = packed();
        }
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, isHead || bytes.length == 0 ? -1 : bytes.length);
        if (!isHead && bytes.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }

    /** The body as gzip packs it. */
    byte[] packed() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new IllegalStateException("an array takes everything", e);
        }
        return out.toByteArray();
    }
}
