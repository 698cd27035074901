/**
 * Bursts of launches in virtual time, under API quotas that are options of the run, because AWS publishes none: the real
 * handler, domain and adapters over hand-written doubles of the SDK's clients, beside one function per instance as public
 * samples do it.
 */
package dev.gantry.function.scale;
