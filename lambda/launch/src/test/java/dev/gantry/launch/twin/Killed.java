package dev.gantry.launch.twin;

/** The function's process ended here. An error and no exception, so that nothing in Gantry catches it. */
public final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    public Killed(String where) {
        super("killed " + where);
    }
}
