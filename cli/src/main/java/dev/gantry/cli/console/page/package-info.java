/** What the console's pages show and where: from views to pages, charts, paths and JSON. Knows no server and asks nothing. */
package dev.gantry.cli.console.page;
