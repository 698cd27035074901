package dev.gantry.function.scale;

import dev.gantry.function.LoadedFunction;
import dev.gantry.function.LoadedFunction.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The event source mapping: batches of at most 50, a window of a second, partial batch responses, a maximum concurrency. Several
 * pollers gather at the same time, which makes for smaller batches; Lambda begins with five (developer guide, "Using Lambda with
 * Amazon SQS": scaling), and has no more than may run at a time.
 */
final class Mapping {
    private static final int BATCH = 50;
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final int POLLERS = 5;

    private final VirtualTime time;
    private final VirtualQueue queue;
    private final Supplier<LoadedFunction> environments;
    private final int concurrency;
    private final Deque<LoadedFunction> idle = new ArrayDeque<>();
    private int running;
    private int invocations;
    private int received;
    private int timeouts;

    Mapping(VirtualTime time, VirtualQueue queue, Supplier<LoadedFunction> environments, int concurrency) {
        this.time = time;
        this.queue = queue;
        this.environments = environments;
        this.concurrency = concurrency;
    }

    void start() {
        for (int poller = 0; poller < Math.min(POLLERS, concurrency); poller++) {
            time.spawn(FOREVER, this::poll, completed -> {});
        }
    }

    private void poll() {
        while (true) {
            if (running < concurrency) {
                // Taken before the batch is gathered, so that no message is received that cannot be processed.
                running++;
                List<Received> batch = gather();
                if (batch.isEmpty()) {
                    running--;
                } else {
                    invoke(batch);
                }
            }
            time.sleep(POLL);
        }
    }

    private List<Received> gather() {
        List<Received> batch = new ArrayList<>(queue.receive(BATCH));
        Instant end = time.instant().plus(WINDOW);
        while (!batch.isEmpty() && batch.size() < BATCH && time.instant().isBefore(end)) {
            time.sleep(POLL);
            batch.addAll(queue.receive(BATCH - batch.size()));
        }
        return batch;
    }

    private void invoke(List<Received> batch) {
        invocations++;
        received += batch.size();
        LoadedFunction environment = idle.isEmpty() ? environments.get() : idle.pop();
        time.spawn(
                TIMEOUT,
                () -> {
                    Set<String> kept = Set.copyOf(environment.handle(batch));
                    batch.stream().filter(m -> !kept.contains(m.id())).forEach(m -> queue.delete(m.receiptHandle()));
                    idle.push(environment);
                },
                completed -> {
                    running--;
                    timeouts += completed ? 0 : 1;
                });
    }

    int invocations() {
        return invocations;
    }

    int received() {
        return received;
    }

    int timeouts() {
        return timeouts;
    }
}
