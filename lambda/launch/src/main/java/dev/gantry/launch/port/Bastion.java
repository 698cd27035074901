package dev.gantry.launch.port;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The bastion channel. Questions are sent as messages; each leads to one exchange with an instance. The newest answer about a
 * run is stored where it can be read. Messages and answers can be lost, duplicate or late.
 */
public interface Bastion {

    /** Why there is no bastion channel, for the operator who switched it on; empty if there is one. */
    Optional<String> missing();

    /**
     * Sends one message for each; a message may be sent twice.
     *
     * @return the instances whose message could not be sent, with the reason
     */
    Map<InstanceId, GantryException> ask(Collection<BastionQuestion> questions);

    /** The newest answer about each instance's run; empty if there is none yet. */
    Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs);

    /**
     * One question.
     *
     * @param order what is run; only {@link Question#START} takes more of it than fleet and run
     * @param at comes back in the answer
     */
    record BastionQuestion(Question question, RunOrder order, InstanceId instance, Instant at) {}

    /**
     * A deployment without a bastion.
     *
     * @param why what is missing, for a fleet that wants one
     */
    static Bastion none(String why) {
        return new Bastion() {
            @Override
            public Optional<String> missing() {
                return Optional.of(why);
            }

            @Override
            public Map<InstanceId, GantryException> ask(Collection<BastionQuestion> questions) {
                return questions.stream()
                        .collect(java.util.stream.Collectors.toMap(
                                BastionQuestion::instance,
                                q -> new GantryException.Misconfigured(why),
                                (one, other) -> one));
            }

            @Override
            public Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs) {
                return Map.of();
            }
        };
    }
}
