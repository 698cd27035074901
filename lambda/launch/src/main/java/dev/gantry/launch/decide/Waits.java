package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import java.time.Duration;
import java.util.Optional;

/** The waits that several rules decide. */
final class Waits {
    private Waits() {}

    static Wait of(Reason reason, Duration lookAgain, String why) {
        return new Wait(reason, Optional.of(lookAgain), why);
    }

    /** A wait that the next sweep ends. */
    static Wait forTheSweep(Reason reason, String why) {
        return new Wait(reason, Optional.empty(), why);
    }

    /** A wait for a person who has to repair something. */
    static Wait misconfigured(String why) {
        return of(Reason.MISCONFIGURED, DecisionTable.MISTAKE_LOOK, why);
    }
}
