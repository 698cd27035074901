package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.twin.CountingIds;
import dev.gantry.launch.twin.World;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperatorHandlerTest {
    private static final FleetName OTHER = new FleetName("other");
    private static final Authority OF_WEB = new Authority(Optional.of(Authority.aliasOf(World.WEB)));

    private final World world = new World();
    private final OperatorHandler handler = new OperatorHandler(new Wiring(
            new Ports(
                    world.groups,
                    world.agents,
                    world.commands,
                    world.ledger,
                    world.fleets,
                    world.failures,
                    world.journal,
                    new CountingIds(),
                    world.clock,
                    World.TAKEOVER),
            new FakeMessages()));

    @BeforeEach
    void another() {
        world.fleet(OTHER, Policy.DEFAULT);
        world.fleets.upload(World.WEB, World.SECOND);
        world.fleets.upload(OTHER, World.SECOND);
    }

    private static Map<String, Object> propose(FleetName fleet) {
        return Map.of("action", "propose", "fleet", fleet.value(), "bundle", World.SECOND.sha256());
    }

    private static String status(Map<String, Object> answer) {
        return String.valueOf(answer.get("status"));
    }

    @Test
    void aFleetsAliasPublishesToItsFleetAlone() {
        assertEquals("accepted", status(handler.handle(propose(World.WEB), OF_WEB)));

        Map<String, Object> answer = handler.handle(propose(OTHER), OF_WEB);
        assertEquals("refused", status(answer));
        assertTrue(String.valueOf(answer.get("message")).contains(Authority.aliasOf(OTHER)), answer.toString());
        assertEquals(Optional.of(World.FIRST), world.fleets.release(OTHER).current());
    }

    @Test
    void aFleetsAliasLiftsNothingOfAnotherFleet() {
        assertEquals("refused", status(handler.handle(Map.of("action", "lift", "fleet", "other"), OF_WEB)));
        assertTrue(String.valueOf(handler.handle(Map.of("action", "lift", "fleet", "web"), OF_WEB)
                        .get("message"))
                .contains("nothing to lift"));
    }

    @Test
    void aFleetsAliasLooksAtItsOwnInstancesAlone() {
        InstanceId own = world.launch();
        InstanceId foreign = world.launch(OTHER);

        assertEquals("accepted", status(handler.handle(look(own), OF_WEB)));
        assertEquals("refused", status(handler.handle(look(foreign), OF_WEB)));
        assertEquals("refused", status(handler.handle(look(new InstanceId("i-0aaaaaaaaaaaaaaaa")), OF_WEB)));
    }

    private static Map<String, Object> look(InstanceId instance) {
        return Map.of("action", "look", "instance", instance.value());
    }

    @Test
    void anAdministratorActsForEveryFleet() {
        assertEquals("accepted", status(handler.handle(propose(OTHER), Authority.ADMINISTRATOR)));
    }
}
