/**
 * The breaker: what counts failures and abandonments, and ends launch-and-terminate loops.
 * Belongs here: what changes a fleet's release because of how launches went. Depends on port, not on the round.
 */
package dev.gantry.launch.reconcile.breaker;
