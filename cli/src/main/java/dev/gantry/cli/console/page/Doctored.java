package dev.gantry.cli.console.page;

import dev.gantry.operator.Finding;
import java.util.List;

/**
 * What the doctor found.
 *
 * @param unchecked what it does not look at
 */
public record Doctored(List<Finding> findings, List<String> unchecked) {}
