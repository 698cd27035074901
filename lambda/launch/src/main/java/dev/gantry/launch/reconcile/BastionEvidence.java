package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Evidence;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the answers about the runs that are going on over the bastion. It sends no question. */
final class BastionEvidence {
    /** An unreadable answer counts as older than every question. */
    private static final Instant BEFORE_EVERY_QUESTION = Instant.EPOCH;

    private final Bastion bastion;
    private final Journal journal;
    private final InstantSource clock;

    BastionEvidence(Bastion bastion, Journal journal, InstantSource clock) {
        this.bastion = bastion;
        this.journal = journal;
        this.clock = clock;
    }

    /** The newest answers about these stays' runs. */
    Map<InstanceId, Reply> replies(FleetFacts facts, Map<InstanceId, Stay> stays) {
        Map<InstanceId, Attempt> runs = new TreeMap<>();
        stays.forEach((instance, stay) -> pending(stay).ifPresent(run -> runs.put(instance, run)));
        Map<InstanceId, Reply> read = new TreeMap<>();
        if (!runs.isEmpty()) {
            Map<InstanceId, RunId> ids = new TreeMap<>();
            runs.forEach((instance, run) -> ids.put(instance, run.runId()));
            bastion.replies(ids).forEach((instance, result) -> reply(facts, instance, runs.get(instance), result)
                    .ifPresent(reply -> read.put(instance, reply)));
        }
        return read;
    }

    /** What the replies say about the runs' ends. */
    Gathered ends(Map<InstanceId, Reply> replies) {
        Instant now = clock.instant();
        return Gathered.by(notes -> replies.forEach((instance, reply) -> {
            if (reply.said() instanceof Said.Ended end) {
                notes.add(instance, new Evidence.EndedOverTheBastion(reply.run(), end.verdict(), now));
            }
        }));
    }

    private static Optional<Attempt> pending(Stay stay) {
        return stay.isOpen()
                ? stay.lastAttempt().filter(a -> a.isUnderWay() && a.isOverTheBastion())
                : Optional.empty();
    }

    private Optional<Reply> reply(FleetFacts facts, InstanceId instance, Attempt run, Result<Optional<Reply>> result) {
        if (result instanceof Result.Err<Optional<Reply>> err) {
            return Optional.of(unreadable(instance, run, err.error()));
        }
        Optional<Reply> reply = ((Result.Ok<Optional<Reply>>) result).value();
        Optional<Reply> ours = reply.filter(r -> r.isAbout(instance, run.runId()));
        if (reply.isPresent() && ours.isEmpty()) {
            journal.log(
                    EventType.ANSWER_ABOUT_ANOTHER_RUN,
                    Map.of(
                            "fleet", facts.name().value(),
                            "instance", instance.value(),
                            "run", run.runId().value(),
                            "said", reply.get().toString()));
        }
        return ours;
    }

    private static Reply unreadable(InstanceId instance, Attempt run, GantryException error) {
        return new Reply(
                run.runId(),
                instance,
                BEFORE_EVERY_QUESTION,
                new Said.Failed(error.kind(), String.valueOf(error.getMessage())));
    }
}
