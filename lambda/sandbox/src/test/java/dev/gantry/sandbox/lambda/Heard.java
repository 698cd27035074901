package dev.gantry.sandbox.lambda;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A double of {@link LogListener} by which a test waits for what a function does. */
final class Heard implements LogListener {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    public void line(String function, String line) {
        lines.add(line);
    }

    /** The next line that begins so; the test fails where none comes. */
    String next(String beginning) throws InterruptedException {
        String line;
        do {
            line = lines.poll(30, TimeUnit.SECONDS);
            assertNotNull(line, "no line that begins with " + beginning);
        } while (!line.startsWith(beginning));
        return line;
    }

    void forget() {
        lines.clear();
    }
}
