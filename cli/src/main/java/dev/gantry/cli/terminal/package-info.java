/** Terminals: width, colours, wrapping, tables. Knows nothing of Gantry. */
package dev.gantry.cli.terminal;
