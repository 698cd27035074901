package dev.gantry.sandbox.events;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.time.Timers;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * An EventBridge Scheduler schedule of a fixed rate, whose target is a Lambda function without an input of its own. The
 * function then gets the default notification, whose detail is the text {@code {}}, not an object: seen in recorded events
 * of real schedules ("detail": "{}"); the API reference of Target.Input only says that there is a default notification.
 */
public final class RateSchedule implements AutoCloseable {
    private final String arn;
    private final String region;
    private final String account;
    private final Duration rate;
    private final Timers timers;
    private final Consumer<String> target;
    private Runnable cancel = () -> {};
    private boolean closed;

    /**
     * A schedule that has not begun.
     *
     * @param target is invoked asynchronously with the notification */
    public RateSchedule(
            String name, String region, String account, Duration rate, Timers timers, Consumer<String> target) {
        this.arn = "arn:aws:scheduler:" + region + ":" + account + ":schedule/default/" + name;
        this.region = region;
        this.account = account;
        this.rate = rate;
        this.timers = timers;
        this.target = target;
    }

    String name() {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    String arn() {
        return arn;
    }

    Duration rate() {
        return rate;
    }

    /** Begins; the first invocation comes when the rate has passed once. */
    public synchronized void start() {
        if (!closed) {
            cancel = timers.after(rate, this::tick);
        }
    }

    private void tick() {
        start();
        target.accept(notification());
    }

    private String notification() {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("version", "0");
        event.put("id", UUID.randomUUID().toString());
        event.put("detail-type", "Scheduled Event");
        event.put("source", "aws.scheduler");
        event.put("account", account);
        event.put("time", timers.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        event.put("region", region);
        event.putArray("resources").add(arn);
        event.put("detail", "{}");
        return event.toString();
    }

    @Override
    public synchronized void close() {
        closed = true;
        cancel.run();
    }
}
