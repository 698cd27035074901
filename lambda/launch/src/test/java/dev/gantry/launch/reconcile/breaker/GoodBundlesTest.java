package dev.gantry.launch.reconcile.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.twin.World;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which successes a release remembers. */
final class GoodBundlesTest {
    private static final Instant T = World.START;

    private final World world = new World();

    private static Attempt succeeded(BundleId bundle, Instant at) {
        return Attempt.claimed(1, new RunId("run-00000001"), "owner", bundle, T)
                .sent("command")
                .ended(at, new Verdict.Succeeded());
    }

    private Optional<Instant> remembered(Attempt... attempts) {
        new GoodBundles(world.fleets, world.failures, world.journal)
                .remember(World.WEB, world.fleets.release(World.WEB), List.of(attempts));
        return world.fleets.release(World.WEB).countFrom(World.FIRST);
    }

    @Test
    void theLastOfSeveralSuccessesCountsInWhateverOrderTheyCome() {
        Attempt early = succeeded(World.FIRST, T.plusSeconds(1));
        Attempt late = succeeded(World.FIRST, T.plusSeconds(9));

        assertEquals(Optional.of(T.plusSeconds(9)), remembered(late, early));
        world.fleets.release(World.WEB, Release.NONE.withCurrent(World.FIRST));
        assertEquals(Optional.of(T.plusSeconds(9)), remembered(early, late));
    }

    @Test
    void theSuccessOfABundleThatIsNotTheFleetsCostsNoWrite() {
        remembered(succeeded(World.SECOND, T.plusSeconds(1)));

        assertEquals(0, world.calls.count("fleets.change"));
    }
}
