package dev.gantry.cli.console.page;

import dev.gantry.operator.Explanation;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.RunOutput;
import java.util.Optional;

/**
 * An instance.
 *
 * @param line its launch, for the chart; empty where no fleet is known for it
 * @param output of its last run, where one ended and Systems Manager still has it
 */
public record InstanceSeen(Explanation told, Optional<LaunchLine> line, Optional<RunOutput> output) {}
