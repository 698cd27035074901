/** What every other package of the command may use, and what uses none of them: how a command ends that could not do its work. */
package dev.gantry.cli.base;
