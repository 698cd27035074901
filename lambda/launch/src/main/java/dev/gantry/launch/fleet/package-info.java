/**
 * A fleet's settings: what an operator has configured, with bounds and defaults.
 * Belongs here: settings. Depends on id and text.
 */
package dev.gantry.launch.fleet;
