/**
 * {@code gantry console}: the launches on a page of this machine, over the operator's own credentials. It reads through
 * {@link dev.gantry.cli.console.Source} alone, and changes nothing. Here are the server, what keeps others out of it, and what
 * is shared between open pages; {@code page} makes the pages, {@code src/main/jte} has their templates.
 */
package dev.gantry.cli.console;
