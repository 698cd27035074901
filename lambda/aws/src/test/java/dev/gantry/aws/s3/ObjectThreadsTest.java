package dev.gantry.aws.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.Result;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObjectThreadsTest {
    private final ObjectThreads threads = new ObjectThreads();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void atMostSixteenRunAtOnce() {
        CyclicBarrier sixteen = new CyclicBarrier(16);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> keys = IntStream.range(0, 64).boxed().toList();

        Map<Integer, Result<Integer>> outcomes = threads.each(keys, key -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            meet(sixteen);
            now.decrementAndGet();
            return key;
        });

        keys.forEach(key -> assertEquals(new Result.Ok<>(key), outcomes.get(key)));
        assertEquals(16, most.get());
    }

    @Test
    void anErrorConcernsOnlyItsKey() {
        GantryException error = new GantryException.Misconfigured("broken");

        Map<Integer, Result<Integer>> outcomes = threads.each(List.of(1, 2), key -> {
            if (key == 1) {
                throw error;
            }
            return key;
        });

        assertEquals(Map.of(1, new Result.Err<>(error), 2, new Result.Ok<>(2)), outcomes);
    }

    @Test
    void aProgrammingErrorIsThrown() {
        assertThrows(
                IllegalStateException.class,
                () -> threads.each(List.of(1), key -> {
                    throw new IllegalArgumentException("a mistake");
                }));
    }

    @Test
    void theThreadsDoNotKeepTheProcessAlive() {
        Result<Boolean> daemon = threads.each(
                        List.of(1), key -> Thread.currentThread().isDaemon())
                .get(1);

        assertTrue(daemon.equals(new Result.Ok<>(true)));
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(5, TimeUnit.MINUTES);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
