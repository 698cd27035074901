package dev.gantry.launch.port;

import dev.gantry.launch.error.GantryException;

/** One item's outcome in a batch, so that an item's error takes no neighbour with it. */
public sealed interface Result<T> {

    /** It went well. */
    record Ok<T>(T value) implements Result<T> {}

    /** It did not, for this item alone. */
    record Err<T>(GantryException error) implements Result<T> {}
}
