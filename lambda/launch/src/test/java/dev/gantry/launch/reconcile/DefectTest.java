package dev.gantry.launch.reconcile;

import static dev.gantry.launch.reconcile.LaunchTest.reason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.twin.RecordingJournal.Line;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Unexpected errors: they are reported, and do not affect other instances. */
final class DefectTest {
    private final World world = new World();

    @Test
    void anInstanceThatAlwaysTriggersADefectAffectsNoOtherAndIsPagedOnceARound() {
        List<InstanceId> instances = world.launch(50);
        instances.forEach(world::online);
        InstanceId culprit = instances.get(17);
        world.ledger.breakLoading(culprit, new IllegalStateException("a defect"));

        Map<InstanceId, Decision> decisions =
                world.reconciler().look(instances.stream().map(world::event).toList());

        assertEquals(50, decisions.size());
        assertEquals(Reason.RETRYABLE, reason(decisions.remove(culprit)));
        decisions.values().forEach(d -> assertEquals(Reason.RUN, reason(d)));
        assertEquals(List.of(culprit.value()), onlyPage().fields().get("instances"));
        assertTrue(onlyPage().message().contains("a defect"));
        instances.forEach(i ->
                assertEquals(i.equals(culprit) ? 0 : 1, world.commands.on(i).size()));

        world.minute();
        assertEquals(2, world.journal.lines("defect").size());
    }

    @Test
    void twoInstancesWithTheSameDefectAreOnePage() {
        List<InstanceId> instances = world.launch(9);
        List.of(instances.get(0), instances.get(8))
                .forEach(i -> world.ledger.breakLoading(i, new IllegalStateException("a defect")));
        world.reconciler().sweep();
        assertEquals(
                List.of(instances.get(0).value(), instances.get(8).value()),
                onlyPage().fields().get("instances"));
    }

    @Test
    void aDefectThatDoesNotComeAgainIsReportedForItsBatchAndHasNoOtherEffect() {
        List<InstanceId> instances = world.launch(4);
        instances.forEach(world::online);
        world.calls.failBefore("agents.describe", new IllegalStateException("a defect"));
        world.reconciler().sweep();
        instances.forEach(i -> assertEquals(1, world.commands.on(i).size()));
        assertEquals(
                instances.stream().map(InstanceId::value).toList(),
                onlyPage().fields().get("instances"));
    }

    @Test
    void aDefectBetweenTheActsOfABatchRepeatsNoneOfThem() {
        List<InstanceId> instances = world.launch(4);
        instances.forEach(world::online);
        world.calls.failAfter("commands.send", new IllegalStateException("a defect"));
        world.reconciler().sweep();
        instances.forEach(i -> assertEquals(1, world.commands.on(i).size()));
        world.clock.pass(World.TAKEOVER);
        world.reconciler().sweep();
        instances.forEach(world::succeed);
        world.reconciler().sweep();
        instances.forEach(i -> assertEquals("Pending:Proceed", world.groups.state(i)));
        instances.forEach(i -> assertEquals(1, world.commands.on(i).size()));
    }

    @Test
    void aDefectOfAllInstancesLeavesEachOfThemToTheNextLook() {
        List<InstanceId> instances = world.launch(3);
        instances.forEach(i -> world.ledger.breakLoading(i, new IllegalStateException("a defect")));
        Map<InstanceId, Decision> decisions = world.reconciler().sweep();
        assertEquals(3, decisions.size());
        decisions.values().forEach(d -> assertInstanceOf(Decision.Wait.class, d));
        assertEquals(1, world.journal.pages().size());
    }

    private Line onlyPage() {
        assertEquals(1, world.journal.pages().size());
        return world.journal.pages().get(0);
    }
}
