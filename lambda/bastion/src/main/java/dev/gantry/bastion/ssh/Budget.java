package dev.gantry.bastion.ssh;

import dev.gantry.bastion.ssh.SshFailure.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/** The time that one exchange has left, by a monotonic clock. */
public final class Budget {
    private final LongSupplier nanos;
    private final long end;
    private final Duration whole;

    private Budget(Duration whole, LongSupplier nanos) {
        this.nanos = nanos;
        this.whole = whole;
        this.end = nanos.getAsLong() + whole.toNanos();
    }

    public static Budget of(Duration whole) {
        return new Budget(whole, System::nanoTime);
    }

    static Budget of(Duration whole, LongSupplier nanos) {
        return new Budget(whole, nanos);
    }

    public boolean hasAtLeast(Duration time) {
        return end - nanos.getAsLong() >= time.toNanos();
    }

    /**
     * The remaining time; never zero, which means "for ever" to MINA.
     *
     * @param what for the message if no time is left: "connecting to the bastion"
     */
    Duration left(String what) throws SshFailure {
        long left = end - nanos.getAsLong();
        if (left < Duration.ofMillis(1).toNanos()) {
            throw new SshFailure(Kind.CUT, "the " + whole.toSeconds() + " s of one exchange were over while " + what);
        }
        return Duration.ofNanos(left);
    }

    Duration atMost(Duration time, String what) throws SshFailure {
        return Collections.min(List.of(left(what), time));
    }
}
