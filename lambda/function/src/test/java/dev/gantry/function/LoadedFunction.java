package dev.gantry.function;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.reconcile.Ports;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;

/** One execution environment for the load simulation: the functions' own parts, wired as in production. */
public final class LoadedFunction {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final InstantSource clock;
    private final Wiring wiring;
    private final LaunchQueue queue;

    /**
     * An environment of its own.
     *
     * @param hide what hiding a message does: its receipt handle, and for how long
     * @param random uniform in [0, 1), for the jitter of waits
     */
    public LoadedFunction(Ports ports, BiConsumer<String, Duration> hide, DoubleSupplier random) {
        this.clock = ports.clock();
        Journal journal = ports.journal();
        Messages messages = new Messages() {
            @Override
            public void hide(String receiptHandle, Duration time) {
                hide.accept(receiptHandle, time);
            }

            @Override
            public void bury(String body, String why) {
                throw new IllegalStateException("nothing here is malformed, but: " + why + ": " + body);
            }

            @Override
            public int redrive() {
                return 0;
            }
        };
        this.wiring = new Wiring(ports, messages);
        this.queue = new LaunchQueue(
                wiring.reconciler(),
                messages,
                journal,
                new RevisitDelay(random),
                new PageLimit(PageMarks.NONE, journal, clock));
    }

    /** A message as the event source mapping hands it over. */
    public record Received(String id, String receiptHandle, String body, String senderId, int receives) {}

    /** What LaunchQueueHandler does with a batch: the answer names those that SQS has to keep. */
    public List<String> handle(List<Received> batch) {
        return queue.handle(
                batch.stream()
                        .map(m -> new LaunchQueue.Message(
                                m.id(), m.receiptHandle(), m.body(), m.senderId(), m.receives()))
                        .toList(),
                until());
    }

    private Instant until() {
        return TimeLeft.until(clock.instant(), TIMEOUT_MILLIS);
    }

    /**
     * What SweepHandler does.
     *
     * @throws GantryException if the fleets, or the instances of their groups, cannot be listed
     */
    public void sweep() {
        wiring.reconciler().sweep(until());
    }
}
