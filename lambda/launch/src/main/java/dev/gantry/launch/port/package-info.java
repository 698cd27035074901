/**
 * What the domain needs from outside, one interface per need.
 * Belongs here: interfaces in the domain's words, and their small values. Depends on error, stay, release and fleet.
 */
package dev.gantry.launch.port;
