package dev.gantry.sandbox.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.sandbox.sqs.Message;
import dev.gantry.sandbox.sqs.Queue;
import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * An event source mapping from a queue to a function that reports batch item failures. It polls, gathers a batch until the
 * window is over or the batch is full, invokes, and deletes what succeeded; what failed comes back by its visibility, and
 * the queue's redrive policy counts. Errors of the function do not slow the polling, as is so with partial batch responses;
 * a throttled batch is tried again until its visibility has run out. Source: developer guide, "Handling errors for an SQS
 * event source in Lambda".
 */
public final class SqsEventSource implements AutoCloseable {
    private static final int MOST_PER_RECEIVE = 10;
    private static final Duration LONG_POLL = Duration.ofSeconds(20);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    /** What an invocation's payload may carry. Source: developer guide, "Lambda quotas". */
    private static final int MOST_BYTES = 6_291_456;

    private final Queue queue;
    private final Function function;
    private final Settings settings;
    private final String region;
    private final Timers timers;
    private final Semaphore free;
    private final ExecutorService threads;
    private final String id = UUID.randomUUID().toString();
    private volatile boolean closed;

    /**
     * How it gathers.
     *
     * @param batchSize 1 to 10,000
     * @param window at least 1 s where the batch size exceeds 10; at most 300 s
     * @param maximumConcurrency 2 to 1,000
     */
    public record Settings(int batchSize, Duration window, int maximumConcurrency) {

        /** Checks what Lambda checks. Source: Lambda API reference, CreateEventSourceMapping and ScalingConfig. */
        public Settings {
            require(batchSize >= 1 && batchSize <= 10_000, "batch size must be 1 to 10000, but is " + batchSize);
            require(!window.isNegative() && window.toSeconds() <= 300, "window must be 0 to 300 s, but is " + window);
            require(
                    batchSize <= MOST_PER_RECEIVE || window.toSeconds() >= 1,
                    "window must be 1 s or more for a batch size above 10, but is " + window);
            require(
                    maximumConcurrency >= 2 && maximumConcurrency <= 1000,
                    "maximum concurrency must be 2 to 1000, but is " + maximumConcurrency);
        }
    }

    String id() {
        return id;
    }

    String queueArn() {
        return queue.arn();
    }

    String functionName() {
        return function.spec().name();
    }

    Settings settings() {
        return settings;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("The event source mapping's " + rule);
        }
    }

    /** A mapping that does not poll yet; refused where the queue's visibility is shorter than the function's timeout. */
    public SqsEventSource(Queue queue, Function function, Settings settings, String region, Timers timers) {
        require(
                queue.visibilityTimeout().compareTo(function.spec().timeout()) >= 0,
                "queue " + queue.name() + " has a visibility timeout of " + queue.visibilityTimeout()
                        + ", which is less than the function's timeout of "
                        + function.spec().timeout());
        this.queue = queue;
        this.function = function;
        this.settings = settings;
        this.region = region;
        this.timers = timers;
        this.free = new Semaphore(settings.maximumConcurrency());
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "sandbox-mapping-" + queue.name());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to poll. */
    public void start() {
        threads.execute(this::poll);
    }

    private void poll() {
        try {
            while (!closed) {
                // Receives only what can be processed now: other messages would only lose visibility time.
                free.acquire();
                List<Message> batch = gather();
                if (batch.isEmpty()) {
                    free.release();
                } else {
                    threads.execute(() -> {
                        try {
                            process(batch);
                        } finally {
                            free.release();
                        }
                    });
                }
            }
        } catch (InterruptedException | RejectedExecutionException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Message> gather() throws InterruptedException {
        List<Message> batch = new ArrayList<>(receive(timers.instant().plus(LONG_POLL), settings.batchSize()));
        Instant end = timers.instant().plus(settings.window());
        while (!batch.isEmpty()
                && batch.size() < settings.batchSize()
                && timers.instant().isBefore(end)) {
            batch.addAll(receive(end, settings.batchSize() - batch.size()));
        }
        return batch;
    }

    private List<Message> receive(Instant end, int room) throws InterruptedException {
        CompletableFuture<List<Message>> poll =
                queue.receiveUntil(Math.min(MOST_PER_RECEIVE, room), Optional.empty(), end);
        try {
            return poll.get();
        } catch (InterruptedException e) {
            queue.abandon(poll);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a poll ends with messages or without", e);
        }
    }

    private void process(List<Message> batch) {
        String payload = SqsEvent.of(batch, queue, region);
        if (payload.getBytes(UTF_8).length > MOST_BYTES && batch.size() > 1) {
            process(batch.subList(0, batch.size() / 2));
            process(batch.subList(batch.size() / 2, batch.size()));
            return;
        }
        invoke(payload).filter(outcome -> !outcome.failed()).ifPresent(outcome -> deleteSuccesses(batch, outcome));
    }

    /** Empty where the function stayed throttled until the messages were visible again. */
    private Optional<Outcome> invoke(String payload) {
        Instant visibleAgain = timers.instant().plus(queue.visibilityTimeout());
        Duration backoff = FIRST_BACKOFF;
        while (!closed && timers.instant().isBefore(visibleAgain)) {
            try {
                return Optional.of(function.invoke(payload));
            } catch (Throttled e) {
                pause(backoff);
                Duration doubled = backoff.multipliedBy(2);
                backoff = doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
            }
        }
        return Optional.empty();
    }

    private void pause(Duration duration) {
        CountDownLatch over = new CountDownLatch(1);
        Runnable cancel = timers.after(duration, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            cancel.run();
            closed = true;
            Thread.currentThread().interrupt();
        }
    }

    private void deleteSuccesses(List<Message> batch, Outcome outcome) {
        Set<String> ids = batch.stream().map(Message::id).collect(Collectors.toSet());
        Set<String> failed = BatchResponse.failures(outcome.payload(), ids);
        batch.stream()
                .filter(message -> !failed.contains(message.id()))
                .forEach(message -> queue.delete(message.receiptHandle()));
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
    }
}
