package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.port.Commands.Sent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of an instance after its send, for each answer.
 *
 * @param claimed with the claim in its stay
 * @param unclaimed the stay before the claim
 */
record AfterSend(ObservedInstance claimed, Stay unclaimed, Instant now) implements Sent.Cases<Acted> {

    @Override
    public Acted accepted(Sent.Accepted accepted) {
        Attempt run = run();
        return after(claimed.stay().with(run.sent(accepted.commandId())).withTroubleOver())
                .then(waitsForTheSweep(Reason.RUN, "run " + run.number() + " was sent: " + run.runId()));
    }

    @Override
    public Acted notRegistered() {
        return after(unclaimed)
                .then(Acted.none(Outcomes.wait(
                        claimed.instance(), Reason.AGENT, "Systems Manager did not accept the instance yet")));
    }

    @Override
    public Acted refused(Sent.Refused refused) {
        return after(unclaimed.withTrouble(refused.error().asTrouble(now)))
                .then(Acted.none(Outcomes.decided(claimed.instance(), Outcomes.waitFor(refused.error()))));
    }

    @Override
    public Acted unclear(Sent.Unclear unclear) {
        return Acted.on(claimed)
                .then(waitsForTheSweep(Reason.CLAIM, "it is not known whether the command was sent: " + run().runId()));
    }

    private Attempt run() {
        return claimed.stay().lastAttempt().orElseThrow();
    }

    private Acted after(Stay stay) {
        return Acted.on(claimed.with(stay));
    }

    private Acted waitsForTheSweep(Reason reason, String why) {
        return Acted.none(Outcomes.decided(claimed.instance(), new Wait(reason, Optional.empty(), why)));
    }
}
