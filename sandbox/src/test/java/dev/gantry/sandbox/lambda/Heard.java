package dev.gantry.sandbox.lambda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
     * The first line that begins so and was not taken yet; the test fails where none comes. The others stay: what a function
     * prints and what the service says of it come in no certain order.
     */
    synchronized String next(String beginning) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith(beginning)) {
                    return lines.remove(i);
                }
            }
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            assertTrue(left > 0, () -> "no line that begins with " + beginning + " among " + lines);
            wait(left);
        }
    }

    synchronized void forget() {
        lines.clear();
    }
}
