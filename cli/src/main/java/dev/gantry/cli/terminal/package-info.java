/** Terminals: width, colours, wrapping, tables. It does not depend on Gantry's types. */
package dev.gantry.cli.terminal;
