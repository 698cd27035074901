package dev.gantry.cli.console.page;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.LaunchLine;
import java.util.List;

/**
 * What a search found.
 *
 * @param awaited of how many fleets the launches are still being read
 * @param notes what could not be read
 */
public record Hits(String words, List<FleetName> fleets, List<LaunchLine> launches, int awaited, List<String> notes) {}
