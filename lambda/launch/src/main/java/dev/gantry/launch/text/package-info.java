/**
 * Cutting and comparing texts from outside. Depends on nothing.
 * Belongs here: what knows no word of the domain.
 */
package dev.gantry.launch.text;
