package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.twin.Killed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The function's execution environments. One invocation at a time runs in each; a second one that comes while the first waits
 * for a call runs in another, within that call. An environment whose process was killed is replaced by a fresh one.
 */
final class Workers {
    static final int MOST = 3;

    private final Timeline timeline;
    private final Trace trace;
    private final Supplier<Container> factory;
    private final List<Container> idle = new ArrayList<>();
    private final Deque<Invocation> running = new ArrayDeque<>();
    private int invocations;

    Workers(Timeline timeline, Trace trace, Supplier<Container> factory) {
        this.timeline = timeline;
        this.trace = trace;
        this.factory = factory;
    }

    /** One invocation in a container; it is disturbed if a fault struck or another worker acted during it. */
    static final class Invocation {
        final Instant started;
        private final Instant deadline;
        private boolean isDisturbed;

        Invocation(Instant started, boolean isDisturbed) {
            this.started = started;
            this.deadline = started.plus(Scenario.FUNCTION_TIMEOUT);
            this.isDisturbed = isDisturbed;
        }
    }

    /** How an invocation ended. */
    enum End {
        DONE,
        UNDISTURBED,
        FAILED
    }

    boolean isFull() {
        return running.size() >= MOST;
    }

    int count() {
        return invocations;
    }

    /** Marks the present invocation as disturbed. */
    void disturb() {
        running.forEach(invocation -> invocation.isDisturbed = true);
    }

    /** Whether the present invocation is undisturbed so far. */
    boolean isUndisturbed() {
        return !running.isEmpty() && !running.peek().isDisturbed;
    }

    /** Lambda ends a process at its function's timeout. */
    void dieOfAge() {
        if (!running.isEmpty() && timeline.instant().isAfter(running.peek().deadline)) {
            disturb();
            throw new Killed("by the function's timeout");
        }
    }

    End invoke(String what, Consumer<Container> work) {
        disturb();
        invocations++;
        Invocation me = new Invocation(timeline.instant(), !running.isEmpty());
        Container container = idle.isEmpty() ? factory.get() : idle.remove(0);
        running.push(me);
        trace.say(() -> "> " + what);
        trace.deeper();
        try {
            work.accept(container);
            idle.add(container);
            return me.isDisturbed ? End.DONE : End.UNDISTURBED;
        } catch (Killed killed) {
            trace.say(() -> killed.getMessage());
            return End.FAILED;
        } catch (GantryException e) {
            trace.say(() -> "failed: " + e.getMessage());
            idle.add(container);
            return End.FAILED;
        } finally {
            trace.back();
            trace.say(() -> "< " + what);
            running.pop();
        }
    }
}
