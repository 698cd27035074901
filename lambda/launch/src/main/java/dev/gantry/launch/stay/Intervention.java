package dev.gantry.launch.stay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What operators asked for one stay, each with who asked and when. It changes what the decision table decides about the stay,
 * and nothing else: no rule about success is weakened by it.
 */
public record Intervention(Optional<Hold> hold, Optional<Retry> retry) {
    /** Nobody asked for anything. */
    public static final Intervention NONE = new Intervention(Optional.empty(), Optional.empty());

    /** So long before AWS itself ends the wait everything has to be over: sweeps come each minute, and calls can fail. */
    public static final Duration MARGIN = Duration.ofMinutes(5);

    /**
     * The instance is kept at its gate for a look: no run begins, and it is neither let go nor abandoned.
     *
     * @param until when it is decided about again; {@code at} or before it once it was taken back
     */
    public record Hold(Instant until, String by, Instant at) {}

    /**
     * One more run, however many have failed.
     *
     * @param run its number within the stay; once a run of this number has ended the wish is fulfilled
     * @param until how long the instance is kept alive for it
     */
    public record Retry(int run, Instant until, String by, Instant at) {}

    public Intervention with(Hold wanted) {
        return new Intervention(Optional.of(wanted), retry);
    }

    public Intervention with(Retry wanted) {
        return new Intervention(hold, Optional.of(wanted));
    }

    /** The latest time until which an operator wants the instance kept. */
    public Optional<Instant> until() {
        return Stream.concat(hold.map(Hold::until).stream(), retry.map(Retry::until).stream())
                .max(Instant::compareTo);
    }
}
