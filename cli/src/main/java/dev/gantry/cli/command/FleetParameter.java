package dev.gantry.cli.command;

import dev.gantry.launch.fleet.FleetName;
import picocli.CommandLine.Parameters;

/** The fleet that a command is about. */
final class FleetParameter {
    @Parameters(paramLabel = "FLEET", description = "its group's name")
    private FleetName fleet;

    FleetName name() {
        return fleet;
    }
}
