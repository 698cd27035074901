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
 * One message of the queue, read: what is asked of which instance about which run.
 *
 * @param at when the launch function asked; messages come doubled and out of order (a standard queue)
 * @param order with {@link Question#START}, and only then
 */
public record Message(
        Question ask, FleetName fleet, InstanceId instance, RunId run, Instant at, Optional<Order> order) {

    /** The whole command that the instance gets; both words have a form of their own, so nothing needs quoting. */
    public String command() {
        return BastionMessages.word(ask) + " " + run.value();
    }

    /** Where the answer goes. */
    public String answerKey() {
        return ObjectKeys.answer(run, instance);
    }

    /** Whether one exchange serves both. */
    public boolean asksTheSameAs(Message other) {
        return ask == other.ask && instance.equals(other.instance) && run.equals(other.run);
    }
}
