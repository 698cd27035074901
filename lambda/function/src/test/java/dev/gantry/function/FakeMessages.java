package dev.gantry.function;

import dev.gantry.launch.GantryException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A twin of the queue, by hand: what was hidden for how long, and what was buried with which reason. */
final class FakeMessages implements Messages {
    final Map<String, Duration> hidden = new TreeMap<>();
    final Map<String, String> buried = new TreeMap<>();
    Optional<GantryException> error = Optional.empty();

    @Override
    public void hide(String receiptHandle, Duration time) {
        error.ifPresent(FakeMessages::fail);
        hidden.put(receiptHandle, time);
    }

    @Override
    public void bury(String body, String why) {
        error.ifPresent(FakeMessages::fail);
        buried.put(body, why);
    }

    private static void fail(GantryException error) {
        throw error;
    }
}
