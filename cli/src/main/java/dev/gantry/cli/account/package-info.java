/** One account and Region as the command reads and writes it. The only package here that uses the SDK. */
package dev.gantry.cli.account;
