/**
 * What the domain needs from AWS and its surroundings, one interface per need.
 * Belongs here: interfaces in the domain's words, and their small values. Depends on error, stay, release and fleet.
 */
package dev.gantry.launch.port;
