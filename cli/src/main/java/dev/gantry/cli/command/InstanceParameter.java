package dev.gantry.cli.command;

import dev.gantry.launch.id.InstanceId;
import picocli.CommandLine.Parameters;

/** The instance that a command is about. */
final class InstanceParameter {
    @Parameters(paramLabel = "INSTANCE", description = "its id, as i-0123456789abcdef0")
    private InstanceId instance;

    InstanceId id() {
        return instance;
    }
}
