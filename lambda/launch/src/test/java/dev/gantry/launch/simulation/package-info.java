/**
 * The deterministic simulation: the real reconciler, decision table, stay and operator in a cloud that lies, lags, fails and
 * kills. One seed decides everything; virtual time; no threads. See {@link dev.gantry.launch.simulation.Simulation}.
 */
package dev.gantry.launch.simulation;
