package dev.gantry.function;

import dev.gantry.launch.port.Ahead;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Reads ahead on threads of its own: at most some four for each fleet of a batch. They are daemons and end with the process. */
final class AheadThreads implements Ahead {
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "gantry-ahead");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public <T> Supplier<T> start(Supplier<T> reading) {
        Future<T> future = executor.submit(reading::get);
        return () -> await(future);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for AWS", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException thrown) {
                throw thrown;
            }
            throw new IllegalStateException("reading ahead failed unexpectedly", e.getCause());
        }
    }
}
