package dev.gantry.bastion.message;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Question;
import dev.gantry.stored.BastionMessages;
import dev.gantry.stored.ObjectKeys;
import java.time.Instant;
import java.util.Optional;

/**
 * One parsed message of the queue: the question, its instance and its run.
 *
 * @param at when the launch function asked; messages can be duplicate and out of order (a standard queue)
 * @param start with {@link Question#START}, and only then
 */
public record Message(
        Question ask, FleetName fleet, InstanceId instance, RunId run, Instant at, Optional<StartRequest> start) {

    /** The whole command for the instance; both words are validated, so nothing needs quoting. */
    public String command() {
        return BastionMessages.word(ask) + " " + run.value();
    }

    /** The key of the answer. */
    public String answerKey() {
        return ObjectKeys.answer(run, instance);
    }

    /** Whether one exchange answers both. */
    public boolean asksTheSameAs(Message other) {
        return ask == other.ask && instance.equals(other.instance) && run.equals(other.run);
    }
}
