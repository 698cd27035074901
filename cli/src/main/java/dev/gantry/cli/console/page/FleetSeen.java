package dev.gantry.cli.console.page;

import dev.gantry.operator.BundleLine;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import java.util.List;

/**
 * A fleet with its launches.
 *
 * @param launches those that wait, and those that ended lately, as {@code gantry launches} orders them
 * @param notes what could not be read, and what was left out
 */
public record FleetSeen(FleetLine line, List<LaunchLine> launches, List<String> notes, List<BundleLine> bundles) {}
