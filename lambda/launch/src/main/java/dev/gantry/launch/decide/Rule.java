package dev.gantry.launch.decide;

import java.util.Optional;
import java.util.function.Function;

/**
 * One rule about an instance at its gate.
 *
 * @param name what the rule is about, in a few words
 * @param decide empty where the rule does not apply
 */
record Rule(String name, Function<AtGate, Optional<Decision>> decide) {}
