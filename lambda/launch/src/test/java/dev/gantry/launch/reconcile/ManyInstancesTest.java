package dev.gantry.launch.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.World;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many calls a sweep or a look of many instances makes, and what stops it. */
class ManyInstancesTest {
    private final World world = new World();

    private List<InstanceId> running(int count) {
        List<InstanceId> instances = world.launch(count);
        instances.forEach(world::online);
        world.reconciler().look(instances.stream().map(world::event).toList());
        return instances;
    }

    private static Set<InstanceId> waitingForAws(Map<InstanceId, Decision> decisions) {
        Set<InstanceId> waiting = new HashSet<>();
        decisions.forEach((instance, decision) -> {
            if (decision instanceof Wait wait && wait.reason() == Reason.RETRYABLE) {
                waiting.add(instance);
            }
        });
        return waiting;
    }

    @Test
    void aSweepAsksAboutACommandOnceHoweverManyBatchesItsInstancesAreIn() {
        List<InstanceId> instances = world.launch(60);
        // The batches of the sweep are others than those of the looks: the ids of the second look come first.
        List<InstanceId> second = instances.subList(0, 30);
        List<InstanceId> first = instances.subList(30, 60);
        first.forEach(world::online);
        world.reconciler().look(first.stream().map(world::event).toList());
        second.forEach(world::online);
        world.reconciler().look(second.stream().map(world::event).toList());
        world.calls.forget();

        world.reconciler().sweep();

        // One call for both commands: the first batch of the sweep has instances of each.
        assertEquals(1, world.calls.count("commands.progress"));
    }

    @Test
    void theEndOfACommandIsAskedForOnce() {
        InstanceId instance = running(1).get(0);
        world.succeed(instance);
        String command =
                world.stay(instance).lastAttempt().orElseThrow().commandId().orElseThrow();
        world.calls.forget();

        world.reconciler().look(world.reconciler().looksFor(command));

        assertEquals(1, world.calls.count("commands.progress"));
        assertEquals("Pending:Proceed", world.groups.state(instance));
    }

    @Test
    void afterThreeRefusedCompletionsInARowTheRestOfTheBatchWaits() {
        List<InstanceId> instances = running(10);
        instances.forEach(world::succeed);
        for (int n = 0; n < 3; n++) {
            world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        }
        world.calls.forget();

        Map<InstanceId, Decision> decisions =
                world.reconciler().look(instances.stream().map(Look::at).toList());

        assertEquals(3, world.calls.count("groups.complete"));
        assertEquals(new HashSet<>(instances), waitingForAws(decisions));
        world.reconciler().look(instances.stream().map(Look::at).toList());
        assertEquals(10, serving(instances));
    }

    @Test
    void twoRefusedCompletionsDoNotDelayTheOthers() {
        List<InstanceId> instances = running(10);
        instances.forEach(world::succeed);
        for (int n = 0; n < 2; n++) {
            world.calls.failBefore("groups.complete", new GantryException.Retryable("Rate exceeded", null));
        }
        world.reconciler().look(instances.stream().map(Look::at).toList());
        assertEquals(8, serving(instances));
    }

    private long serving(Collection<InstanceId> instances) {
        return instances.stream()
                .filter(instance -> world.groups.state(instance).equals("Pending:Proceed"))
                .count();
    }

    @Test
    void nothingIsBegunAfterTheTimeThatIsLeft() {
        List<InstanceId> instances = world.launch(3);
        instances.forEach(world::online);

        Map<InstanceId, Decision> decisions =
                world.reconciler().look(instances.stream().map(world::event).toList(), world.clock.instant());

        assertEquals(new HashSet<>(instances), waitingForAws(decisions));
        assertEquals(List.of(), world.calls.made());
    }

    @Test
    void aCompletionIsNotBegunWhenTheTimeIsOver() {
        List<InstanceId> instances = running(3);
        instances.forEach(world::succeed);
        world.calls.meanwhile("ledger.load", () -> world.clock.pass(Duration.ofMinutes(1)));

        world.reconciler()
                .look(
                        instances.stream().map(Look::at).toList(),
                        world.clock.instant().plusSeconds(40));

        assertEquals(0, world.calls.count("groups.complete"));
        world.reconciler().look(instances.stream().map(Look::at).toList());
        assertEquals(3, serving(instances));
    }

    @Test
    void sweepsThatAreAlwaysCutShortReachEveryInstanceInTurn() {
        List<InstanceId> instances = world.launch(300);
        instances.forEach(world::online);
        for (int minute = 0; minute < 6; minute++) {
            world.calls.meanwhile("ledger.load", () -> world.clock.pass(Duration.ofSeconds(50)));
            world.reconciler().sweep(world.clock.instant().plusSeconds(40));
            world.clock.passSeconds(10);
        }
        assertEquals(
                300,
                instances.stream()
                        .filter(instance -> !world.commands.on(instance).isEmpty())
                        .count());
    }
}
