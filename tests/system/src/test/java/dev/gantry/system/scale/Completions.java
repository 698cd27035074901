package dev.gantry.system.scale;

import dev.gantry.sandbox.wire.Journal;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts the completions that Auto Scaling accepts, and knows when the last one was. */
final class Completions implements Journal {
    private static final int OK = 200;

    private final CountDownLatch open;
    private Optional<Instant> last = Optional.empty();

    Completions(int instances) {
        this.open = new CountDownLatch(instances);
    }

    @Override
    public void record(Entry entry) {
        if (entry.operation().equals("CompleteLifecycleAction") && entry.status() == OK) {
            synchronized (this) {
                last = Optional.of(entry.time());
            }
            open.countDown();
        }
    }

    /** Waits a while for the last one; false if it has not come. */
    boolean await(long milliseconds) throws InterruptedException {
        return open.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    synchronized Optional<Instant> last() {
        return last;
    }
}
