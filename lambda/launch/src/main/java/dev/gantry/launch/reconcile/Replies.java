package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Learns over the bastion how the runs that are under way there are getting on. Asks nobody: it reads what was answered. */
final class Replies {
    private final Bastion bastion;
    private final Journal journal;
    private final InstantSource clock;

    Replies(Bastion bastion, Journal journal, InstantSource clock) {
        this.bastion = bastion;
        this.journal = journal;
        this.clock = clock;
    }

    /** The newest answers about these stays' runs; the runs that they say are over are ended in {@code stays}. */
    Map<InstanceId, Reply> read(Pass pass, Map<InstanceId, Stay> stays) {
        Map<InstanceId, RunId> runs = new TreeMap<>();
        stays.forEach((instance, stay) -> pending(stay).ifPresent(run -> runs.put(instance, run.runId())));
        Map<InstanceId, Reply> read = new TreeMap<>();
        if (!runs.isEmpty()) {
            bastion.replies(runs).forEach((instance, result) -> {
                Attempt run = pending(stays.get(instance)).orElseThrow();
                reply(pass, instance, run, result).ifPresent(reply -> read.put(instance, reply));
            });
        }
        read.forEach((instance, reply) -> stays.computeIfPresent(instance, (i, stay) -> ended(stay, reply)));
        return read;
    }

    private static Optional<Attempt> pending(Stay stay) {
        return stay.isOpen()
                ? stay.lastAttempt().filter(a -> a.isUnderWay() && a.isOverTheBastion())
                : Optional.empty();
    }

    private Optional<Reply> reply(Pass pass, InstanceId instance, Attempt run, Result<Optional<Reply>> result) {
        if (result instanceof Result.Err<Optional<Reply>> err) {
            return Optional.of(unread(instance, run, err.error()));
        }
        Optional<Reply> reply = ((Result.Ok<Optional<Reply>>) result).value();
        Optional<Reply> ours = reply.filter(r -> r.isAbout(instance, run.runId()));
        if (reply.isPresent() && ours.isEmpty()) {
            journal.log(
                    "answer_about_another_run",
                    Map.of(
                            "fleet", pass.fleet().name().value(),
                            "instance", instance.value(),
                            "run", run.runId().value(),
                            "said", reply.get().toString()));
        }
        return ours;
    }

    /** An answer that cannot be read answers no question, and a later one takes its place; but somebody is told why. */
    private static Reply unread(InstanceId instance, Attempt run, GantryException error) {
        return new Reply(
                run.runId(),
                instance,
                Instant.EPOCH,
                new Said.Failed(error.kind(), String.valueOf(error.getMessage())));
    }

    private Stay ended(Stay stay, Reply reply) {
        return reply.said() instanceof Said.Ended end
                ? stay.changing(reply.run(), a -> a.ended(clock.instant(), end.verdict()))
                : stay;
    }
}
