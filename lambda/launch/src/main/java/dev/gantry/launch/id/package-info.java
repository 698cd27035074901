/**
 * Names of bundles, instances and runs, each validated when it is made.
 * Belongs here: an identifier that more than one package uses. Depends on text.
 */
package dev.gantry.launch.id;
