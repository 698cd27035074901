/** What can be typed: each command reads its options, asks the account, and prints a screen. */
package dev.gantry.cli.command;
