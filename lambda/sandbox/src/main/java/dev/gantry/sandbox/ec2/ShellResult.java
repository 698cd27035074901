package dev.gantry.sandbox.ec2;

/**
 * What became of a script.
 *
 * @param code the exit code; 128 and the signal's number where a signal ended it
 * @param stdout the first 24,000 characters
 * @param stderr the first 24,000 characters
 */
public record ShellResult(Ending ending, int code, String stdout, String stderr) {

    /** How many characters of each stream are kept: as many as the SSM agent reports. */
    public static final int MAX_CHARACTERS = 24_000;

    /** Why it ended. */
    public enum Ending {
        /** By itself, or by a signal from within. */
        EXITED,
        /** Killed because its time was up. */
        TIMED_OUT,
        /** Killed because somebody asked for it. */
        CANCELLED,
        /** The machine went down under it. */
        LOST
    }
}
