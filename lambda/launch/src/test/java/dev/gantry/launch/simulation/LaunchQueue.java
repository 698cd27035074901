package dev.gantry.launch.simulation;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * SQS and its event source mapping: batches of at most 50, a window of a second, partial batch responses; a message that was
 * received is invisible until its time, and comes back unless it was deleted. How long a message waits is the same as in the
 * function's queue handler.
 */
final class LaunchQueue {
    private static final int BATCH = 50;
    private static final Duration WINDOW = Duration.ofSeconds(1);
    /** Six times the function's timeout, as Lambda's guide recommends. */
    private static final Duration VISIBILITY = Scenario.FUNCTION_TIMEOUT.multipliedBy(6);

    private static final int LAUNCH_RECEIVES = 900;
    private static final int OTHER_RECEIVES = 3;
    private static final double LONGEST = 30;

    private final Timeline timeline;
    private final Dice dice;
    private final List<Message> messages = new ArrayList<>();
    private Function<List<Look>, Optional<Map<InstanceId, Decision>>> consumer = looks -> Optional.empty();
    private BooleanSupplier isAvailable = () -> false;

    LaunchQueue(Timeline timeline, Dice dice) {
        this.timeline = timeline;
        this.dice = dice;
    }

    private static final class Message {
        private final Look look;
        private final boolean isLaunch;
        private Instant visibleAt;
        private int receives;

        Message(Look look, boolean isLaunch, Instant visibleAt) {
            this.look = look;
            this.isLaunch = isLaunch;
            this.visibleAt = visibleAt;
        }
    }

    /** Sets the function that gets the looks when an environment is available; an empty answer means that it failed. */
    void consumer(BooleanSupplier available, Function<List<Look>, Optional<Map<InstanceId, Decision>>> function) {
        isAvailable = available;
        consumer = function;
    }

    void add(Look look, boolean isLaunch) {
        messages.add(new Message(look, isLaunch, timeline.instant()));
        pollAt(timeline.instant().plus(WINDOW));
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    private void pollAt(Instant time) {
        timeline.at(time, this::poll);
    }

    private void poll() {
        Instant now = timeline.instant();
        if (!isAvailable.getAsBoolean()) {
            if (!messages.isEmpty()) {
                pollAt(now.plusSeconds(5));
            }
            return;
        }
        List<Message> batch = messages.stream()
                .filter(m -> !m.visibleAt.isAfter(now))
                .limit(BATCH)
                .toList();
        if (!batch.isEmpty()) {
            batch.forEach(m -> {
                m.receives++;
                hide(m, VISIBILITY);
            });
            consumer.apply(batch.stream().map(m -> m.look).toList()).ifPresent(d -> batch.forEach(m -> settle(m, d)));
        }
    }

    private void settle(Message message, Map<InstanceId, Decision> decisions) {
        Optional<Duration> wait = Optional.ofNullable(decisions.get(message.look.instance()))
                .flatMap(decision -> after(message, decision));
        wait.ifPresentOrElse(time -> hide(message, time), () -> messages.remove(message));
    }

    private Optional<Duration> after(Message message, Decision decision) {
        boolean waits = message.receives < (message.isLaunch ? LAUNCH_RECEIVES : OTHER_RECEIVES);
        return waits && decision instanceof Decision.Wait wait
                ? wait.lookAgain().map(first -> grown(first, message.receives))
                : Optional.empty();
    }

    private Duration grown(Duration first, int receives) {
        double seconds = first.toMillis() / 1000.0;
        double longer = seconds >= LONGEST ? seconds : Math.min(LONGEST, seconds * Math.pow(1.5, receives - 1));
        return Duration.ofMillis(Math.round(1000 * longer * (0.8 + 0.4 * dice.uniform())));
    }

    private void hide(Message message, Duration time) {
        message.visibleAt = timeline.instant().plus(time);
        pollAt(message.visibleAt);
    }
}
