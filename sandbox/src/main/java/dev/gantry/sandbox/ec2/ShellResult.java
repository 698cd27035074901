package dev.gantry.sandbox.ec2;

/**
 * The result of a script.
 *
 * @param code the exit code; 128 and the signal's number where a signal ended a script; the signal's number alone where {@code
 *     ending} is SIGNALLED
 * @param stdout its first 24,000 bytes
 * @param stderr its first 24,000 bytes; where the script was not started, why not
 */
public record ShellResult(Ending ending, int code, Bytes stdout, Bytes stderr) {

    /** How many bytes of each stream are kept: as many as the SSM agent reports. */
    public static final int MAX_BYTES = 24_000;

    /** Keeps what the agent would see of longer streams. */
    public ShellResult {
        stdout = stdout.first(MAX_BYTES);
        stderr = stderr.first(MAX_BYTES);
    }

    /** The same of streams that are text. */
    public ShellResult(Ending ending, int code, String stdout, String stderr) {
        this(ending, code, Bytes.of(stdout), Bytes.of(stderr));
    }

    /** Why it ended. */
    public enum Ending {
        /** By itself. */
        EXITED,
        /** The shell that the agent started was ended by a signal from within, not only what ran in it. */
        SIGNALLED,
        /** It could not be started, because its working directory is missing. */
        NOT_STARTED,
        /** Killed because its time was up. */
        TIMED_OUT,
        /** Killed on request. */
        CANCELLED,
        /** The machine went down while it ran. */
        LOST
    }
}
