/**
 * One instance's time at one gate: its record, what can be learned about it, and how it ends.
 * Belongs here: pure values that the ledger keeps, or that are learned into it. Depends on fleet, id and text.
 */
package dev.gantry.launch.stay;
