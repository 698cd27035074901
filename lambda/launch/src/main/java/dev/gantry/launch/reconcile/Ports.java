package dev.gantry.launch.reconcile;

import dev.gantry.launch.port.Agents;
import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.IdSource;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Ledger;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Everything that the reconciler needs from outside.
 *
 * @param takeover how old another worker's claim must be before it may be acted on: the function's timeout and 60 s
 * @param ahead starts reads before their answers are wanted
 */
public record Ports(
        Groups groups,
        Agents agents,
        Commands commands,
        Bastion bastion,
        Ledger ledger,
        Fleets fleets,
        Failures failures,
        Journal journal,
        IdSource ids,
        InstantSource clock,
        Duration takeover,
        Ahead ahead) {

    /** Nothing is read ahead. */
    public Ports(
            Groups groups,
            Agents agents,
            Commands commands,
            Bastion bastion,
            Ledger ledger,
            Fleets fleets,
            Failures failures,
            Journal journal,
            IdSource ids,
            InstantSource clock,
            Duration takeover) {
        this(groups, agents, commands, bastion, ledger, fleets, failures, journal, ids, clock, takeover, Ahead.NEVER);
    }

    /** Without a bastion, and nothing is read ahead. */
    public Ports(
            Groups groups,
            Agents agents,
            Commands commands,
            Ledger ledger,
            Fleets fleets,
            Failures failures,
            Journal journal,
            IdSource ids,
            InstantSource clock,
            Duration takeover) {
        this(
                groups,
                agents,
                commands,
                Bastion.none("there is no bastion"),
                ledger,
                fleets,
                failures,
                journal,
                ids,
                clock,
                takeover);
    }
}
