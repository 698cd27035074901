package dev.gantry.cli.command;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says after two seconds that a call to AWS is still going on, so that a slow call does not look like a hang. */
final class Patience {
    private static final int SECONDS = 2;

    private final CountDownLatch over = new CountDownLatch(1);

    private Patience() {}

    /** Only where errors go to a terminal, as the launcher found: a log needs no such line. */
    static Patience begin(PrintWriter err) {
        Patience patience = new Patience();
        if (System.getenv("GANTRY_TERMINAL_ERRORS") != null) {
            Thread thread = new Thread(() -> patience.watch(err), "patience");
            thread.setDaemon(true);
            thread.start();
        }
        return patience;
    }

    private void watch(PrintWriter err) {
        try {
            if (!over.await(SECONDS, TimeUnit.SECONDS)) {
                err.println("gantry: asking AWS …");
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called when AWS has answered. */
    void end() {
        over.countDown();
    }
}
