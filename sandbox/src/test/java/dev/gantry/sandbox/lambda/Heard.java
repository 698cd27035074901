package dev.gantry.sandbox.lambda;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A double of {@link LogListener} by which a test waits for what a function does. */
final class Heard implements LogListener {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private final List<String> lines = new ArrayList<>();

    @Override
    public synchronized void line(String function, String line) {
        lines.add(line);
        notifyAll();
    }

    /**
     * The first unread line that begins so; the test fails if none comes. The others stay unread: what a function
     * prints and what the service says of it come in no certain order.
     */
    String next(String beginning) throws InterruptedException {
        return next(beginning, PATIENCE)
                .orElseGet(() -> fail("no line that begins with " + beginning + " among " + lines));
    }

    /** The same; empty if none comes in that time. */
    synchronized Optional<String> next(String beginning, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith(beginning)) {
                    return Optional.of(lines.remove(i));
                }
            }
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
    }

    synchronized void forget() {
        lines.clear();
    }
}
