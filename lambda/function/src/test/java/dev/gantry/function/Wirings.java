package dev.gantry.function;

import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.twin.CountingIds;
import dev.gantry.launch.twin.World;

/** The functions' parts put together over the twins. */
final class Wirings {
    private Wirings() {}

    static Wiring of(World world, Messages messages) {
        return new Wiring(
                new Ports(
                        world.groups,
                        world.agents,
                        world.commands,
                        Bastion.none("there is no bastion"),
                        new Ports.Stored(world.ledger, world.fleets, world.failures),
                        world.journal,
                        new Ports.Worker(new CountingIds(), world.clock, World.TAKEOVER),
                        Ahead.NEVER),
                messages);
    }
}
