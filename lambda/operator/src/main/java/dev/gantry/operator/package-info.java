/**
 * What an operator sees: views, explanations and findings, made from the ledger, the release, Auto Scaling and Systems
 * Manager. No SDK, no clock, no I/O.
 * Belongs here: what is shown, and why. Its form on a terminal or as JSON does not belong here.
 */
package dev.gantry.operator;
