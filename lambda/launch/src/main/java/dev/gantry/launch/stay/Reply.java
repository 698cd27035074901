package dev.gantry.launch.stay;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import java.time.Instant;

/**
 * What is known of a run over the bastion: the newest answer that was left, by the instance or, where nobody reached it, by
 * the function that tried.
 *
 * @param run the run that it speaks of
 * @param instance the instance that it speaks for
 * @param askedAt the time of the question, by the clock of the function that asked
 */
public record Reply(RunId run, InstanceId instance, Instant askedAt, Said said) {

    /** What was said. */
    public sealed interface Said {

        /** It has begun and not ended. */
        record UnderWay() implements Said {}

        /** It has not begun: another run has the instance's lock. */
        record Busy(String holder) implements Said {}

        /** It is over, for good: the instance never begins a run again that it has a record of. */
        record Ended(Verdict verdict) implements Said {}

        /** The instance has no record of it; a message that is still on its way can begin it yet. */
        record Unknown() implements Said {}

        /** The instance was not reached, or not understood; whether the run goes on is not known. */
        record Failed(Trouble.Kind kind, String detail) implements Said {}
    }

    /** An answer about something else counts for nothing. */
    public boolean isAbout(InstanceId asked, RunId about) {
        return instance.equals(asked) && run.equals(about);
    }
}
