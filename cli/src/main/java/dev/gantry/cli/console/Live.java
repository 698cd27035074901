package dev.gantry.cli.console;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Keeps open pages as they are now, by server-sent events: each has the page's inside when it has changed. */
final class Live implements AutoCloseable {
    /** Browsers open six a host; this is for many windows of one person, and keeps threads bounded. */
    private static final int MOST = 64;

    private static final int TOO_MANY = 503;
    /** Lengths as HttpExchange takes them. */
    private static final int CHUNKED = 0;

    private static final int NO_BODY = -1;

    /** When a page looks for a server that it has lost, in milliseconds: browsers wait three seconds or more by themselves. */
    private static final String RETRY = "retry: 1000\n\n";

    private final Function<String, Change> look;
    private final Duration pause;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Semaphore places = new Semaphore(MOST);

    /** {@code pause} is between two looks. */
    Live(Function<String, Change> look, Duration pause) {
        this.look = look;
        this.pause = pause;
    }

    /**
     * What a page is now.
     *
     * @param version differs where the page may differ
     * @param html is made only then
     */
    record Change(Object version, Supplier<String> html) {}

    /** Answers until the page is closed, or the server. */
    void stream(HttpExchange exchange, String path) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            begin(exchange, NO_BODY);
            return;
        } else if (!places.tryAcquire()) {
            Reply.text(TOO_MANY, MOST + " pages are open already.\n").send(exchange);
            return;
        }
        try {
            begin(exchange, CHUNKED);
            write(exchange.getResponseBody(), path);
        } finally {
            places.release();
        }
    }

    private static void begin(HttpExchange exchange, int length) throws IOException {
        Reply.guard(exchange.getResponseHeaders());
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, length);
    }

    /** How many listen. */
    int open() {
        return MOST - places.availablePermits();
    }

    private void write(OutputStream out, String path) throws IOException {
        Object version = "";
        send(out, RETRY);
        do {
            Change change = look.apply(path);
            if (change.version().equals(version)) {
                // Each side finds out whether the other is still there.
                send(out, "event: here\ndata: yes\n\n");
            } else {
                version = change.version();
                send(out, event(change.html().get()));
            }
        } while (!isClosed());
    }

    private static String event(String html) {
        return "event: page\ndata: " + html.strip().replace("\r", "").replace("\n", "\ndata: ") + "\n\n";
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private boolean isClosed() {
        try {
            return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
