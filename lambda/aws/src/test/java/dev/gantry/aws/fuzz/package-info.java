/**
 * Fuzzing of whatever reads input from outside: the targets stand beside the parsers, and here is what runs them. JUnit
 * replays the kept corpus and a bounded number of mutations of it; {@code scripts/dev/fuzz} lets Jazzer look for more.
 */
package dev.gantry.aws.fuzz;
