package dev.gantry.launch.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.twin.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the types of the ports do by themselves. */
final class PortsWithoutAwsTest {
    private static final InstanceId INSTANCE = new InstanceId("i-00000000000000001");
    private static final RunId RUN = new RunId("run-00000001");

    @Test
    void aDeploymentWithoutABastionSaysWhatIsMissingAndRefusesEachQuestion() {
        Bastion none = Bastion.none("the deployment has no bastion");
        RunOrder order = new RunOrder(
                World.fleet(World.WEB, dev.gantry.launch.fleet.Policy.DEFAULT, World.HOOK), World.FIRST, RUN, 1);
        BastionQuestion question = new BastionQuestion(Question.START, order, INSTANCE, World.START);

        assertEquals(Optional.of("the deployment has no bastion"), none.missing());
        Map<InstanceId, GantryException> failed = none.ask(List.of(question, question));
        assertEquals("the deployment has no bastion", failed.get(INSTANCE).getMessage());
        assertEquals(Trouble.Kind.MISCONFIGURED, failed.get(INSTANCE).kind());
        assertEquals(Map.of(), none.replies(Map.of(INSTANCE, RUN)));
    }

    @Test
    void onlyEventsThatSomebodyMustActOnPage() {
        assertTrue(EventType.ABANDONED.mayPage());
        assertFalse(EventType.PROCEEDED.mayPage());
        assertEquals(Optional.of("Proceeded"), EventType.PROCEEDED.metric());
        assertEquals(Optional.empty(), EventType.BASTION_ASKED.metric());
    }

    @Test
    void anErrorIsComparedByItsKeyWhichHasNoIdsAndShownByItsMessage() {
        GantryException error = new GantryException.Misconfigured("run-00000001 on 3 instances: AccessDenied");

        assertEquals("* on * instances: AccessDenied", error.key());
        assertEquals(
                new Trouble(
                        Trouble.Kind.MISCONFIGURED,
                        "run-00000001 on 3 instances: AccessDenied",
                        World.START,
                        "* on * instances: AccessDenied"),
                error.asTrouble(World.START));
        assertEquals("own key", new GantryException.Misconfigured("own key", "message", null).key());
    }
}
