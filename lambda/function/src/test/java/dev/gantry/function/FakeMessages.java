package dev.gantry.function;

import dev.gantry.launch.error.GantryException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A hand-written double of the queue: it records which messages were hidden for how long, and which are dead letters, and why. */
final class FakeMessages implements Messages {
    final Map<String, Duration> hidden = new TreeMap<>();
    final Map<String, String> buried = new TreeMap<>();
    /** Receipt handles of messages that cause an unexpected error. */
    final Set<String> defects = new TreeSet<>();

    int redrives;

    Optional<GantryException> error = Optional.empty();

    @Override
    public void hide(String receiptHandle, Duration time) {
        if (defects.contains(receiptHandle)) {
            throw new IllegalStateException("an unexpected error");
        }
        error.ifPresent(FakeMessages::fail);
        hidden.put(receiptHandle, time);
    }

    @Override
    public void bury(String body, String why) {
        error.ifPresent(FakeMessages::fail);
        buried.put(body, why);
    }

    @Override
    public int redrive() {
        error.ifPresent(FakeMessages::fail);
        redrives++;
        return buried.size();
    }

    private static void fail(GantryException error) {
        throw error;
    }
}
