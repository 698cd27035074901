/**
 * Observe, decide, act: the sweep, the looks, and the steps of a round over one fleet.
 * Belongs here: the order of calls through the ports. Depends on decide and port.
 */
package dev.gantry.launch.reconcile;
