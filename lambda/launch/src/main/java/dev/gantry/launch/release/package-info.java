/**
 * A fleet's bundles and its breaker, as release.json keeps them.
 * Belongs here: pure values that change by one conditional write. Depends on id and text.
 */
package dev.gantry.launch.release;
