package dev.gantry.jmh;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.stored.Samples;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One decision: about an instance that may run, and about one whose run is under way. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecideBenchmark {
    private final Observation ready = observation(Samples.stay());
    private final Observation running = observation(Samples.claimedStay("owner"));

    private static Observation observation(Stay stay) {
        Optional<BundleId> bundle = Optional.of(Samples.BUNDLE);
        Release release = new Release(bundle, bundle, Map.of(), BreakerState.CLOSED);
        return new Observation(
                Samples.NOW,
                new Observation.Terms(Samples.fleet(), release, Duration.ofMinutes(2)),
                Lifecycle.AT_SERVICE_GATE,
                Optional.of(stay),
                new Agent(true, Optional.of(Samples.NOW)),
                Optional.empty(),
                Optional.empty());
    }

    @Benchmark
    public Decision decideAboutOneThatIsReady() {
        return DecisionTable.decide(ready);
    }

    @Benchmark
    public Decision decideAboutOneThatRuns() {
        return DecisionTable.decide(running);
    }
}
