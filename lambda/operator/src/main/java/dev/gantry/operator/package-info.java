/**
 * What an operator is told: from what the ledger, the release, Auto Scaling and Systems Manager say to a view, an
 * explanation, a list of findings. No SDK, no clock, no I/O.
 * Belongs here: what is said, and why. How it looks on a terminal or as JSON does not.
 */
package dev.gantry.operator;
