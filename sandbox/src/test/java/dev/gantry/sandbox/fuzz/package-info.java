/** Fuzz targets of what the sandbox reads: requests of any client, Command documents, event patterns. */
package dev.gantry.sandbox.fuzz;
