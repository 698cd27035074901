package dev.gantry.launch.twin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Every call of every twin goes through here, in order. Counts them by name ({@code groups.describe}), throws what a test
 * has programmed, and can end the process before or after any call took effect.
 */
public final class Calls {
    private final List<String> made = new ArrayList<>();
    private final Map<String, Deque<RuntimeException>> before = new TreeMap<>();
    private final Map<String, Deque<RuntimeException>> after = new TreeMap<>();
    private final Map<String, Deque<Runnable>> meanwhile = new TreeMap<>();
    private final Map<String, RuntimeException> away = new TreeMap<>();
    private OptionalInt killAt = OptionalInt.empty();

    <T> T through(String name, Supplier<T> effect) {
        int index = made.size();
        made.add(name);
        dieAt(2 * index, "before " + name);
        next(meanwhile, name).forEach(Runnable::run);
        next(before, name).forEach(Calls::fail);
        away.forEach((service, error) -> {
            if (name.startsWith(service)) {
                fail(error);
            }
        });
        T answer = effect.get();
        dieAt(2 * index + 1, "after " + name);
        next(after, name).forEach(Calls::fail);
        return answer;
    }

    void through(String name, Runnable effect) {
        through(name, () -> {
            effect.run();
            return true;
        });
    }

    /** The next call of this name fails without taking effect; several queue up. */
    public void failBefore(String name, RuntimeException error) {
        before.computeIfAbsent(name, n -> new ArrayDeque<>()).add(error);
    }

    /** The next call of this name takes effect, and then fails. */
    public void failAfter(String name, RuntimeException error) {
        after.computeIfAbsent(name, n -> new ArrayDeque<>()).add(error);
    }

    /** All calls whose names begin with this fail from now on, without taking effect. */
    public void isAway(String service, RuntimeException error) {
        away.put(service, error);
    }

    /** These calls take effect again. */
    public void isBack(String service) {
        away.remove(service);
    }

    /** Something that happens elsewhere just before the next call of this name. */
    public void meanwhile(String name, Runnable event) {
        meanwhile.computeIfAbsent(name, n -> new ArrayDeque<>()).add(event);
    }

    /** Ends the process at a point of all later calls: 0 is before the next call, 1 after it took effect, 2 before the one after. */
    public void killAt(int point) {
        killAt = OptionalInt.of(2 * made.size() + point);
    }

    /** The next process is not ended. */
    public void live() {
        killAt = OptionalInt.empty();
    }

    public long count(String name) {
        return made.stream().filter(name::equals).count();
    }

    /** The names of all calls, oldest first. */
    public List<String> made() {
        return Collections.unmodifiableList(made);
    }

    /** Forgets all calls so far. */
    public void forget() {
        made.clear();
    }

    private void dieAt(int point, String where) {
        if (killAt.isPresent() && killAt.getAsInt() == point) {
            throw new Killed(where);
        }
    }

    private static void fail(RuntimeException error) {
        throw error;
    }

    private static <T> List<T> next(Map<String, Deque<T>> queues, String name) {
        Deque<T> queue = queues.getOrDefault(name, new ArrayDeque<>());
        return queue.isEmpty() ? List.of() : List.of(queue.remove());
    }
}
