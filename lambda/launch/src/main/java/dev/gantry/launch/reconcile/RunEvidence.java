package dev.gantry.launch.reconcile;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.Command;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunQuery;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Evidence;
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

/** Asks Systems Manager about the stays' runs. */
final class RunEvidence {
    private final Commands commands;
    private final Journal journal;
    private final InstantSource clock;

    RunEvidence(Commands commands, Journal journal, InstantSource clock) {
        this.commands = commands;
        this.journal = journal;
        this.clock = clock;
    }

    /** Looks up the commands of claims of this age without a command id: the send or its answer was lost. */
    Gathered lostSends(Map<InstanceId, Stay> stays, Duration takeover) {
        Instant before = clock.instant().minus(takeover);
        Map<RunId, Instant> lost = new TreeMap<>();
        stays.values().stream()
                .flatMap(stay -> pending(stay).stream())
                .filter(a -> a.commandId().isEmpty() && !a.isOverTheBastion())
                .filter(a -> !a.claimedAt().isAfter(before))
                .forEach(a -> lost.merge(a.runId(), a.claimedAt(), (x, y) -> x.isBefore(y) ? x : y));
        return Gathered.by(notes -> lost.forEach((run, since) -> {
            Map<InstanceId, String> found = commands.find(run, since);
            Instant now = clock.instant();
            stays.keySet()
                    .forEach(instance -> notes.add(
                            instance,
                            new Evidence.CommandSearched(run, Optional.ofNullable(found.get(instance)), before, now)));
        }));
    }

    /** Commands that events named and no stay has: Gantry's own whose id was not stored yet, or sent by hand. */
    Gathered named(FleetFacts facts, Map<InstanceId, Stay> stays, Map<InstanceId, Look> looks) {
        Map<String, Optional<Command>> described = new TreeMap<>();
        return Gathered.by(notes -> stays.forEach((instance, stay) -> {
            Set<String> named = Optional.ofNullable(looks.get(instance))
                    .filter(look -> stay.isOpen())
                    .map(Look::commands)
                    .orElse(Set.of());
            named.stream().filter(id -> !knows(stay, id)).forEach(id -> described
                    .computeIfAbsent(id, commands::describe)
                    .flatMap(command -> evidence(facts, instance, stay, id, command))
                    .ifPresent(found -> notes.add(instance, found)));
        }));
    }

    private static boolean knows(Stay stay, String command) {
        return stay.attempts().stream().anyMatch(a -> a.commandId().equals(Optional.of(command)));
    }

    private Optional<Evidence> evidence(FleetFacts facts, InstanceId instance, Stay stay, String id, Command command) {
        if (command.run().isPresent()) {
            return Optional.of(new Evidence.CommandNamed(command.run().get(), id));
        }
        boolean counts = counts(facts, stay, command);
        journal.log(
                EventType.COMMAND_BY_HAND,
                Map.of(
                        "fleet", facts.name().value(),
                        "instance", instance.value(),
                        "command", id,
                        "document", command.document(),
                        "version", command.version(),
                        "counts", counts));
        return command.bundle()
                .filter(bundle -> counts && hasSucceeded(id, instance))
                .map(bundle -> new Evidence.SucceededByHand(id, bundle, command.requestedAt(), clock.instant()));
    }

    /** A command sent by hand counts only if Gantry would send the same now: document, version and current bundle. */
    private static boolean counts(FleetFacts facts, Stay stay, Command command) {
        Fleet fleet = facts.fleet();
        return command.document().equals(fleet.document().name())
                && command.version().equals(fleet.document().version())
                && command.bundle().isPresent()
                && command.bundle().equals(facts.release().launchable())
                && !command.requestedAt().isBefore(stay.openedAt());
    }

    private boolean hasSucceeded(String id, InstanceId instance) {
        Progress progress =
                commands.progress(Set.of(id)).getOrDefault(id, Map.of()).get(instance);
        return progress instanceof Progress.Ended ended && ended.verdict() instanceof Verdict.Succeeded;
    }

    /** The progress of the commands whose ids are known. */
    Gathered progress(CommandProgressCache cache, Map<InstanceId, Stay> stays, Map<InstanceId, Look> looks) {
        return Gathered.by(notes -> {
            ask(cache, stays, looks);
            Instant now = clock.instant();
            stays.forEach((instance, stay) -> pending(stay)
                    .flatMap(Attempt::commandId)
                    .ifPresent(command -> cache.of(command, instance)
                            .filter(Progress.Ended.class::isInstance)
                            .map(ended -> ((Progress.Ended) ended).verdict())
                            .ifPresent(
                                    verdict -> notes.add(instance, new Evidence.CommandEnded(command, verdict, now)))));
        });
    }

    private static void ask(CommandProgressCache cache, Map<InstanceId, Stay> stays, Map<InstanceId, Look> looks) {
        List<RunQuery> ended = new ArrayList<>();
        List<RunQuery> others = new ArrayList<>();
        stays.forEach((instance, stay) -> pending(stay)
                .ifPresent(run -> run.commandId().ifPresent(command -> {
                    Optional<Look> look = Optional.ofNullable(looks.get(instance));
                    RunQuery asked = new RunQuery(command, instance, run.claimedAt());
                    Optional<Progress> learned = look.map(l -> l.learned().get(command));
                    if (learned.isPresent()) {
                        cache.learned(asked, learned.get());
                    } else if (look.filter(l -> l.commands().contains(command)).isPresent()) {
                        ended.add(asked);
                    } else {
                        others.add(asked);
                    }
                })));
        cache.askEnded(ended);
        cache.ask(others);
    }

    private static Optional<Attempt> pending(Stay stay) {
        return stay.isOpen() ? stay.lastAttempt().filter(Attempt::isUnderWay) : Optional.empty();
    }
}
