package dev.gantry.sandbox.autoscaling;

/** A tag of a group. */
record Tag(String key, String value, boolean propagateAtLaunch) {}
