package dev.gantry.function;

import dev.gantry.launch.error.GantryException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A twin of the queue, by hand: what was hidden for how long, and what was buried with which reason. */
final class FakeMessages implements Messages {
    final Map<String, Duration> hidden = new TreeMap<>();
    final Map<String, String> buried = new TreeMap<>();
    /** Receipt handles of messages on which something fails that nobody expects. */
    final Set<String> defects = new TreeSet<>();

    Optional<GantryException> error = Optional.empty();

    @Override
    public void hide(String receiptHandle, Duration time) {
        if (defects.contains(receiptHandle)) {
            throw new IllegalStateException("nobody expects this");
        }
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
