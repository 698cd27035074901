package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.Asked;
import dev.gantry.launch.port.Commands.Command;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Learns how the stays' runs are getting on. Where Systems Manager does not answer, a stay stays as it was;
 * a mistake that keeps it from answering becomes the pass's trouble.
 */
final class Runs {
    private final Commands commands;
    private final Journal journal;
    private final InstantSource clock;

    Runs(Commands commands, Journal journal, InstantSource clock) {
        this.commands = commands;
        this.journal = journal;
        this.clock = clock;
    }

    /** The stays with all that can be learned of their runs; {@code takeover} is the age at which a claim may be acted on. */
    Map<InstanceId, Stay> learn(
            Pass pass, Map<InstanceId, Stay> stays, Map<InstanceId, Look> looks, Duration takeover) {
        Map<InstanceId, Stay> learned = new TreeMap<>(stays);
        quietly(pass, () -> findLostSends(learned, takeover))
                .ifPresent(error -> pass.unanswered(Pass.Asked.LOST_SENDS, error));
        quietly(pass, () -> hearOfCommands(pass, learned, looks));
        quietly(pass, () -> askForProgress(pass.progresses(), learned, looks))
                .ifPresent(error -> pass.unanswered(Pass.Asked.RUNS, error));
        return learned;
    }

    private Optional<GantryException> quietly(Pass pass, Runnable lesson) {
        try {
            lesson.run();
            return Optional.empty();
        } catch (GantryException e) {
            pass.mistake(e, clock.instant());
            journal.log("runs_not_learned", pass.withError(Map.of(), e));
            return Optional.of(e);
        }
    }

    /** Claims that are old enough and have no command id: the send was lost, or its answer was. */
    private void findLostSends(Map<InstanceId, Stay> stays, Duration takeover) {
        Instant before = clock.instant().minus(takeover);
        Map<RunId, Instant> lost = new TreeMap<>();
        stays.values().stream()
                .flatMap(stay -> pending(stay).stream())
                .filter(a -> a.commandId().isEmpty() && !a.isOverTheBastion())
                .filter(a -> !a.claimedAt().isAfter(before))
                .forEach(a -> lost.merge(a.runId(), a.claimedAt(), (x, y) -> x.isBefore(y) ? x : y));
        lost.forEach((run, since) -> {
            Map<InstanceId, String> found = commands.find(run, since);
            Instant now = clock.instant();
            stays.replaceAll((instance, stay) -> stay.isOpen()
                    ? stay.changing(run, a -> adopt(a, Optional.ofNullable(found.get(instance)), before, now))
                    : stay);
        });
    }

    private static Attempt adopt(Attempt attempt, Optional<String> command, Instant before, Instant now) {
        if (attempt.commandId().isPresent() || attempt.claimedAt().isAfter(before)) {
            return attempt;
        }
        return command.map(attempt::sent).orElseGet(() -> attempt.notFound(now));
    }

    private static Optional<Attempt> pending(Stay stay) {
        return stay.isOpen() ? stay.lastAttempt().filter(Attempt::isUnderWay) : Optional.empty();
    }

    private void askForProgress(Progresses progresses, Map<InstanceId, Stay> stays, Map<InstanceId, Look> looks) {
        List<Asked> ended = new ArrayList<>();
        List<Asked> others = new ArrayList<>();
        stays.forEach((instance, stay) -> pending(stay)
                .ifPresent(run -> run.commandId().ifPresent(command -> {
                    Optional<Look> look = Optional.ofNullable(looks.get(instance));
                    Asked asked = new Asked(command, instance, run.claimedAt());
                    if (look.filter(l -> l.learned().containsKey(command)).isPresent()) {
                        progresses.learned(asked, look.orElseThrow().learned().get(command));
                    } else if (look.filter(l -> l.commands().contains(command)).isPresent()) {
                        ended.add(asked);
                    } else {
                        others.add(asked);
                    }
                })));
        progresses.askEnded(ended);
        progresses.ask(others);
        Instant now = clock.instant();
        stays.replaceAll((instance, stay) -> pending(stay)
                .filter(run -> run.commandId().isPresent())
                .map(run -> stay.with(
                        ended(run, run.commandId().flatMap(command -> progresses.of(command, instance)), now)))
                .orElse(stay));
    }

    /**
     * Of a run that went on over the bastion a command's success is its success. Nothing else is its end: the command may have
     * found the run going on and given up.
     */
    private static Attempt ended(Attempt attempt, Optional<Progress> progress, Instant now) {
        return progress.filter(Progress.Ended.class::isInstance)
                .map(p -> ((Progress.Ended) p).verdict())
                .filter(verdict -> !attempt.isOverTheBastion() || verdict instanceof Verdict.Succeeded)
                .map(verdict -> attempt.ended(now, verdict))
                .orElse(attempt);
    }

    /** Commands that events named and no stay knows: our own whose id was not stored yet, or one sent by hand. */
    private void hearOfCommands(Pass pass, Map<InstanceId, Stay> stays, Map<InstanceId, Look> looks) {
        Map<String, Optional<Command>> described = new TreeMap<>();
        for (Map.Entry<InstanceId, Stay> e : new TreeMap<>(stays).entrySet()) {
            Look look = looks.get(e.getKey());
            if (look == null || !e.getValue().isOpen()) {
                continue;
            }
            for (String id : look.commands()) {
                if (!knows(e.getValue(), id)) {
                    described
                            .computeIfAbsent(id, commands::describe)
                            .ifPresent(command -> hear(pass, stays, e.getKey(), id, command));
                }
            }
        }
    }

    private static boolean knows(Stay stay, String command) {
        return stay.attempts().stream().anyMatch(a -> a.commandId().equals(Optional.of(command)));
    }

    private void hear(Pass pass, Map<InstanceId, Stay> stays, InstanceId instance, String id, Command command) {
        Stay stay = stays.get(instance);
        if (command.run().isPresent()) {
            stays.put(
                    instance,
                    stay.changing(command.run().get(), a -> a.commandId().isPresent() ? a : a.sent(id)));
            return;
        }
        boolean counts = counts(pass, stay, command);
        journal.log(
                "command_by_hand",
                Map.of(
                        "fleet", pass.fleet().name().value(),
                        "instance", instance.value(),
                        "command", id,
                        "document", command.document(),
                        "version", command.version(),
                        "counts", counts));
        if (counts && hasSucceeded(id, instance)) {
            stays.put(instance, stay.with(byHand(stay, id, command)));
        }
    }

    /** By hand counts only what Gantry itself would send now: the fleet's document, its version, its current bundle. */
    private static boolean counts(Pass pass, Stay stay, Command command) {
        Fleet fleet = pass.fleet();
        return command.document().equals(fleet.document().name())
                && command.version().equals(fleet.document().version())
                && command.bundle().isPresent()
                && command.bundle().equals(pass.view().release().launchable())
                && !command.requestedAt().isBefore(stay.openedAt());
    }

    private boolean hasSucceeded(String id, InstanceId instance) {
        Progress progress =
                commands.progress(Set.of(id)).getOrDefault(id, Map.of()).get(instance);
        return progress instanceof Progress.Ended ended && ended.verdict() instanceof Verdict.Succeeded;
    }

    private Attempt byHand(Stay stay, String id, Command command) {
        int number = stay.lastAttempt().map(Attempt::number).orElse(0) + 1;
        RunId run = new RunId("run-" + id.replaceAll("[^a-z0-9]", ""));
        return Attempt.claimed(number, run, "by-hand", command.bundle().orElseThrow(), command.requestedAt())
                .sent(id)
                .ended(clock.instant(), new Verdict.Succeeded());
    }
}
