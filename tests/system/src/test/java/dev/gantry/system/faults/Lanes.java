package dev.gantry.system.faults;

import dev.gantry.sandbox.ExampleFleet.Tempo;
import dev.gantry.system.faults.FaultCase.Ending;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Plays cases side by side: each lane has a deployment of its own, on which its cases take turns. After a case that did not
 * converge the lane gets a new one.
 */
final class Lanes {
    private final int count;
    private final Consumer<Outcome> progress;
    private final AtomicInteger fleets = new AtomicInteger();

    Lanes(int count, Consumer<Outcome> progress) {
        this.count = count;
        this.progress = progress;
    }

    /** Plays them all; their outcomes go to the listener that the lanes were made with. */
    void play(Collection<FaultCase> cases) {
        // Those that mostly wait come first, so that no lane begins with one when the others are done.
        Deque<FaultCase> open = new ArrayDeque<>();
        cases.stream().filter(FaultCase::isLong).forEach(open::add);
        cases.stream().filter(one -> !one.isLong()).forEach(open::add);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<CompletableFuture<Void>> lanes = new ArrayList<>();
            for (int i = 0; i < Math.min(count, cases.size()); i++) {
                lanes.add(CompletableFuture.runAsync(() -> lane(open), threads));
            }
            CompletableFuture.allOf(lanes.toArray(CompletableFuture[]::new)).join();
        } finally {
            threads.shutdownNow();
        }
    }

    private void lane(Deque<FaultCase> open) {
        Optional<Bench> bench = Optional.empty();
        try {
            for (Optional<FaultCase> next = poll(open); next.isPresent(); next = poll(open)) {
                Tempo tempo = next.get().tempo();
                if (bench.filter(b -> b.isOf(tempo)).isEmpty()) {
                    bench.ifPresent(Bench::close);
                    bench = Optional.of(Bench.open(tempo));
                }
                Outcome outcome = play(next.get(), bench.get());
                synchronized (progress) {
                    progress.accept(outcome);
                }
                if (!outcome.hasConverged()) {
                    bench.get().close();
                    bench = Optional.empty();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a sandbox cannot start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            bench.ifPresent(Bench::close);
        }
    }

    private static Optional<FaultCase> poll(Deque<FaultCase> open) {
        synchronized (open) {
            return Optional.ofNullable(open.poll());
        }
    }

    private Outcome play(FaultCase one, Bench bench) throws InterruptedException {
        Instant begun = Instant.now();
        Evidence evidence = new Evidence(bench);
        Ending ending;
        try {
            ending = one.trouble().play(bench, "fleet-" + fleets.incrementAndGet());
        } catch (RuntimeException | AssertionError e) {
            ending = new Ending(List.of("the case itself failed: " + e), List.of());
        }
        Duration took = Duration.between(begun, Instant.now());
        boolean converged = ending.complaints().isEmpty();
        return new Outcome(one, took, ending.complaints(), ending.notes(), converged ? List.of() : evidence.lines());
    }
}
