package dev.gantry.cli.base;

import dev.gantry.launch.fleet.FleetName;

/** Why the command ends without what it was asked for: what failed, on which resource, why, and what to do. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Refused by Gantry, or a finding stands. */
    public static final int REFUSED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** AWS did not answer, or answered with an error. */
    public static final int AWS = 3;

    private final int exitCode;

    public Problem(int exitCode, String message) {
        this(exitCode, message, null);
    }

    public Problem(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The named group has no settings. */
    public static Problem noFleet(FleetName fleet) {
        return new Problem(
                REFUSED,
                "group " + fleet + " is no fleet of this deployment: it has no settings. gantry fleets lists them");
    }

    public int exitCode() {
        return exitCode;
    }
}
