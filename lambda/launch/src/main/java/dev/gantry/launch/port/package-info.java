/**
 * What the domain needs from outside, one interface per need, and the errors that these throw.
 * Belongs here: interfaces in the domain's words, and their small values. Depends on stay, release and fleet.
 */
package dev.gantry.launch.port;
