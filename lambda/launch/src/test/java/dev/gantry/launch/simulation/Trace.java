package dev.gantry.launch.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, a line each, with the time since the beginning and how deep in calls of other workers it was. */
final class Trace {
    private final Timeline timeline;
    private final boolean isKept;
    private final List<String> lines = new ArrayList<>();
    private int depth;

    Trace(Timeline timeline, boolean isKept) {
        this.timeline = timeline;
        this.isKept = isKept;
    }

    void say(Supplier<String> line) {
        if (isKept) {
            Duration t = timeline.elapsed();
            lines.add(String.format("%3d:%02d.%03d ", t.toMinutes(), t.toSecondsPart(), t.toMillisPart())
                    + "  ".repeat(depth)
                    + line.get());
        }
    }

    void deeper() {
        depth++;
    }

    void back() {
        depth--;
    }

    List<String> lines() {
        return lines;
    }
}
