/** A launch that is played through before a snapshot is taken, so that the first real one meets a warm function. */
package dev.gantry.function.rehearsal;
