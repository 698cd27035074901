/**
 * Errors of AWS, in the domain's terms: retryable or misconfigured.
 * Belongs here: an error that a port throws. Depends on stay, for the trouble that it leaves there.
 */
package dev.gantry.launch.error;
