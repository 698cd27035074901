package dev.gantry.launch.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A group's Launch process: runs, or is suspended. It is one flag, and AWS does not say who set it; the simulation knows whether
 * Gantry did since it last lifted it.
 */
final class LaunchProcess {
    private final Timeline timeline;
    private final Trace trace;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean isSuspended;
    private boolean isGantrys;
    private Instant suspendedAt = Instant.MIN;
    private Instant resumedAt = Instant.MIN;

    /** What suspends or resumes it. */
    enum By {
        GANTRY,
        OTHERS
    }

    LaunchProcess(Timeline timeline, Trace trace) {
        this.timeline = timeline;
        this.trace = trace;
    }

    boolean isSuspended() {
        return isSuspended;
    }

    /** Whether it is suspended, and Gantry had no part in that. */
    boolean isSuspendedByOthers() {
        return isSuspended && !isGantrys;
    }

    /** Whether it has been suspended only by others since before that time. */
    boolean isSuspendedByOthersSince(Instant time) {
        return isSuspendedByOthers() && suspendedAt.isBefore(time);
    }

    void suspend(By who) {
        suspendedAt = isSuspended ? suspendedAt : timeline.instant();
        isSuspended = true;
        isGantrys |= who == By.GANTRY;
        trace.say(() -> "launches are suspended by " + who);
    }

    /** When it was resumed last. */
    Instant resumedAt() {
        return resumedAt;
    }

    void resume(By who) {
        resumedAt = timeline.instant();
        isSuspended = false;
        isGantrys &= who != By.GANTRY;
        trace.say(() -> "launches are resumed by " + who);
        List<Runnable> launches = List.copyOf(waiting);
        waiting.clear();
        launches.forEach(launch -> timeline.in(Duration.ofSeconds(5), () -> whenItRuns(launch)));
    }

    /** Launches now, or when the process is resumed. */
    void whenItRuns(Runnable launch) {
        if (isSuspended) {
            waiting.add(launch);
        } else {
            launch.run();
        }
    }
}
