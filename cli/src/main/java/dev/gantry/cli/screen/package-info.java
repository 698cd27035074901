/** How answers look: a screen for people, a versioned form for programs. No SDK. */
package dev.gantry.cli.screen;
