package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends processes for good, those too that one of them starts before it is killed. */
final class Killing {
    private static final long MOST_SECONDS = 60;
    private static final long LOOK_MILLIS = 20;

    private Killing() {}

    /** Finds the pids that still run. */
    interface Look {
        List<Long> running() throws IOException;
    }

    /**
     * Kills what each look finds, until one finds nothing.
     *
     * @param whose for the error
     * @throws IOException where one outlives it
     */
    static void all(String whose, Look look) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        for (List<Long> left = look.running(); !left.isEmpty(); left = look.running()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("processes of " + whose + " outlived SIGKILL: " + left);
            }
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while processes of an instance were ending", e);
        }
    }
}
