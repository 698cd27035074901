/**
 * Twins of the domain's ports, in memory and by hand, for tests and simulations: no randomness, no threads, ordered
 * collections, and a {@link dev.gantry.launch.twin.Calls} through which every call goes, so that any of them can be
 * counted, made to fail before or after it took effect, or made the last call of a function.
 */
package dev.gantry.launch.twin;
