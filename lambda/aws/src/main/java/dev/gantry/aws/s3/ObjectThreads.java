package dev.gantry.aws.s3;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.Result;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Reads and writes objects at the same time, because S3 has no call for several: at most 16 at once. The threads are daemons
 * and end with the process, or with {@link #close()}.
 */
public final class ObjectThreads implements AutoCloseable {
    /** Fifty objects take four rounds: 100 ms if one takes 25 ms. */
    private static final int THREADS = 16;

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "gantry-objects");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * The outcome for each key; a {@link GantryException} is the outcome of its key only. Any other exception is a defect and is
     * thrown.
     */
    public <K, V> Map<K, Result<V>> each(Collection<K> keys, Function<K, V> work) {
        Map<K, Future<Result<V>>> started = new LinkedHashMap<>();
        keys.forEach(key -> started.computeIfAbsent(key, k -> executor.submit(() -> attempt(k, work))));
        Map<K, Result<V>> outcomes = new LinkedHashMap<>();
        started.forEach((key, future) -> outcomes.put(key, await(future)));
        return outcomes;
    }

    private static <K, V> Result<V> attempt(K key, Function<K, V> work) {
        try {
            return new Result.Ok<>(work.apply(key));
        } catch (GantryException e) {
            return new Result.Err<>(e);
        }
    }

    private static <V> Result<V> await(Future<Result<V>> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Err<>(new GantryException.Retryable("interrupted while waiting for S3", e));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a read or write of an object failed unexpectedly", e.getCause());
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
