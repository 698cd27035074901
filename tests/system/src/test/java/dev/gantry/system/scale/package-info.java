/**
 * Bursts of launches over the wire, under API quotas that are options of the run, because AWS publishes none: the shipped zip,
 * its functions as processes of their own, simulated instances; beside it one function per instance, as public samples do it.
 */
package dev.gantry.system.scale;
