/**
 * From an observation to a decision: rules without a clock and without I/O.
 * Belongs here: a rule and what it needs to read. Depends on stay, release and fleet.
 */
package dev.gantry.launch.decide;
