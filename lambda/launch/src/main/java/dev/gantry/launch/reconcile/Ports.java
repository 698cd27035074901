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
 * @param ahead starts reads before their answers are wanted
 */
public record Ports(
        Groups groups,
        Agents agents,
        Commands commands,
        Bastion bastion,
        Stored stored,
        Journal journal,
        Worker worker,
        Ahead ahead) {

    /** What is kept in the bucket. */
    public record Stored(Ledger ledger, Fleets fleets, Failures failures) {}

    /**
     * The function that acts.
     *
     * @param takeover how old another worker's claim must be before it may be acted on: the function's timeout and 60 s
     */
    public record Worker(IdSource ids, InstantSource clock, Duration takeover) {}

    public Ledger ledger() {
        return stored.ledger();
    }

    public Fleets fleets() {
        return stored.fleets();
    }

    public Failures failures() {
        return stored.failures();
    }

    public IdSource ids() {
        return worker.ids();
    }

    public InstantSource clock() {
        return worker.clock();
    }

    public Duration takeover() {
        return worker.takeover();
    }
}
