package dev.gantry.launch.stay;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import java.time.Instant;

/**
 * What is known about a run over the bastion: the newest stored answer, of the instance or, if it was not reached, of the
 * function that tried.
 *
 * @param run the run that the answer is about
 * @param instance the instance that the answer is about
 * @param askedAt the time of the question, by the clock of the function that asked
 */
public record Reply(RunId run, InstanceId instance, Instant askedAt, Said said) {

    /** The state of the run. */
    public sealed interface Said {

        /** It has begun and not ended. */
        record UnderWay() implements Said {}

        /** It has not begun: another run has the instance's lock. */
        record Busy(String holder) implements Said {}

        /** It is over for good: an instance never begins a run again that is in its records. */
        record Ended(Verdict verdict) implements Said {}

        /** The instance has no record of it; a message that is still on its way can begin it. */
        record Unknown() implements Said {}

        /** The instance was not reached, or its answer was not understood; whether the run goes on is not known. */
        record Failed(Trouble.Kind kind, String detail) implements Said {}
    }

    /** Whether the answer is about this run; other answers are ignored. */
    public boolean isAbout(InstanceId asked, RunId about) {
        return instance.equals(asked) && run.equals(about);
    }
}
