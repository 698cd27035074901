package dev.gantry.launch.twin;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A bastion whose instances answer when, and what, the test says. */
public final class FakeBastion implements Bastion {
    private final Calls calls;
    private final List<BastionQuestion> asked = new ArrayList<>();
    private final Map<InstanceId, Result<Optional<Reply>>> left = new TreeMap<>();
    private final Map<InstanceId, GantryException> refused = new TreeMap<>();
    private Optional<String> missing = Optional.empty();

    public FakeBastion(Calls calls) {
        this.calls = calls;
    }

    @Override
    public Optional<String> missing() {
        return missing;
    }

    @Override
    public Map<InstanceId, GantryException> ask(Collection<BastionQuestion> questions) {
        return calls.through("bastion.ask", () -> {
            Map<InstanceId, GantryException> failed = new TreeMap<>();
            for (BastionQuestion question : questions) {
                if (refused.containsKey(question.instance())) {
                    failed.put(question.instance(), refused.get(question.instance()));
                } else {
                    asked.add(question);
                }
            }
            return failed;
        });
    }

    @Override
    public Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs) {
        return calls.through("bastion.replies", () -> {
            Map<InstanceId, Result<Optional<Reply>>> found = new TreeMap<>();
            runs.keySet()
                    .forEach(i -> found.put(
                            i, Optional.ofNullable(left.get(i)).orElseGet(() -> new Result.Ok<>(Optional.empty()))));
            return found;
        });
    }

    /** The deployment has no bastion. */
    public void isMissing(String why) {
        missing = Optional.of(why);
    }

    /** No message about this instance can be sent. */
    public void refuses(InstanceId instance, GantryException error) {
        refused.put(instance, error);
    }

    /** The answer to the last question about this instance is left. */
    public void answers(InstanceId instance, Said said) {
        BastionQuestion last = last(instance);
        leaves(new Reply(last.order().run(), instance, last.at(), said));
    }

    /** This answer is left where answers about its instance are read. */
    public void leaves(Reply reply) {
        left.put(reply.instance(), new Result.Ok<>(Optional.of(reply)));
    }

    /** What is left there cannot be read. */
    public void leavesUnreadable(InstanceId instance, GantryException error) {
        left.put(instance, new Result.Err<>(error));
    }

    /** All questions about this instance that were sent, oldest first. */
    public List<BastionQuestion> on(InstanceId instance) {
        return asked.stream().filter(q -> q.instance().equals(instance)).toList();
    }

    public List<Question> questions(InstanceId instance) {
        return on(instance).stream().map(BastionQuestion::question).toList();
    }

    private BastionQuestion last(InstanceId instance) {
        List<BastionQuestion> all = on(instance);
        return all.get(all.size() - 1);
    }
}
