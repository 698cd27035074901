package dev.gantry.function.scale;

import dev.gantry.aws.scale.Bound;
import dev.gantry.aws.scale.Burst;
import dev.gantry.aws.scale.Outcome;
import dev.gantry.aws.scale.Quotas;
import dev.gantry.function.scale.Machines.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Runs one burst, by Gantry or by the baseline, until all are in service; at most six hours of virtual time. */
final class Scale {
    private static final Duration LIMIT = Duration.ofHours(6);

    private Scale() {}

    static Outcome gantry(Burst burst, Quotas quotas, int concurrency) {
        long began = System.nanoTime();
        try (VirtualTime time = new VirtualTime()) {
            Api api = new Api(time, quotas);
            GantryUnderLoad gantry = new GantryUnderLoad(time, api, burst, concurrency);
            gantry.start();
            double seconds = run(time, gantry.machines()::areAllInService);
            return new Outcome(
                    "gantry",
                    burst.instances(),
                    gantry.machines().inService(),
                    seconds,
                    bound(gantry.machines(), quotas),
                    api.tally().accepted(),
                    api.tally().throttled(),
                    gantry.queue().deepest(),
                    concurrency,
                    gantry.mapping().invocations(),
                    gantry.mapping().timeouts() + gantry.sweepsCut(),
                    Map.of(),
                    gantry.journalLines(),
                    since(began));
        }
    }

    static Outcome baseline(Burst burst, Quotas quotas) {
        long began = System.nanoTime();
        try (VirtualTime time = new VirtualTime()) {
            Api api = new Api(time, quotas);
            OneFunctionEach baseline = new OneFunctionEach(time, api, burst);
            double seconds = run(time, baseline::isOver);
            return new Outcome(
                    "one function each",
                    burst.instances(),
                    baseline.machines().inService(),
                    seconds,
                    bound(baseline.machines(), quotas),
                    api.tally().accepted(),
                    api.tally().throttled(),
                    baseline.deepest(),
                    baseline.mostRunning(),
                    burst.instances(),
                    baseline.lost(),
                    Map.of(),
                    Map.of(),
                    since(began));
        }
    }

    private static double run(VirtualTime time, BooleanSupplier done) {
        time.run(done, LIMIT);
        return time.secondsSinceStart();
    }

    private static double bound(Machines machines, Quotas quotas) {
        List<Instant> ready = machines.planned().stream().map(Machine::ready).toList();
        return Bound.of(VirtualTime.START, ready, quotas).toMillis() / 1000.0;
    }

    private static double since(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
