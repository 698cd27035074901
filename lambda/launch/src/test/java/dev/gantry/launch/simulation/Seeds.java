package dev.gantry.launch.simulation;

import dev.gantry.launch.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A range of seeds, each simulated on its own, as many at a time as there are jobs.
 *
 * @param profile if empty, each seed has the profile that {@link Profiles} gives it
 * @param keepsGoing whether all of them are simulated, or only as many as it takes to find one that breaks an invariant
 */
record Seeds(long from, long count, Optional<Profile> profile, int jobs, boolean keepsGoing) {

    Plan plan(long seed) {
        return Plan.of(seed, profile.orElseGet(() -> Profiles.of(seed)));
    }

    /** The outcomes that break an invariant, by seed. */
    List<Outcome> run(Consumer<Outcome> seen) {
        ConcurrentLinkedQueue<Outcome> broken = new ConcurrentLinkedQueue<>();
        AtomicLong next = new AtomicLong(from);
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < jobs; n++) {
            Thread thread = new Thread(() -> work(next, stop, broken, seen));
            thread.start();
            threads.add(thread);
        }
        threads.forEach(Seeds::join);
        List<Outcome> sorted = new ArrayList<>(broken);
        sorted.sort(Comparator.comparing(o -> o.plan().seed()));
        return sorted;
    }

    private void work(
            AtomicLong next, AtomicBoolean stop, ConcurrentLinkedQueue<Outcome> broken, Consumer<Outcome> seen) {
        for (long seed = next.getAndIncrement(); seed < from + count && !stop.get(); seed = next.getAndIncrement()) {
            Outcome outcome = Simulation.run(plan(seed));
            if (outcome.violation().isPresent()) {
                broken.add(outcome);
                stop.set(!keepsGoing);
            }
            seen.accept(outcome);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
