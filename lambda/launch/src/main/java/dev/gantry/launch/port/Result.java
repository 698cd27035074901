package dev.gantry.launch.port;

import dev.gantry.launch.error.GantryException;

/** One item's result in a batch, so that one item's error does not affect the others. */
public sealed interface Result<T> {

    /** The item succeeded. */
    record Ok<T>(T value) implements Result<T> {}

    /** This item failed. */
    record Err<T>(GantryException error) implements Result<T> {}
}
