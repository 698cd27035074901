package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Evidence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the agents of the stays that need one now, and records for how long Systems Manager has not answered. */
final class AgentEvidence {
    private final Agents agents;
    private final Journal journal;
    private final InstantSource clock;
    private final Duration takeover;

    AgentEvidence(Agents agents, Journal journal, InstantSource clock, Duration takeover) {
        this.agents = agents;
        this.journal = journal;
        this.clock = clock;
        this.takeover = takeover;
    }

    /**
     * The agents as they were seen.
     *
     * @param error why none was read
     */
    record Seen(Map<InstanceId, Agent> agents, Optional<GantryException> error) {}

    Seen describe(FleetFacts facts, Map<InstanceId, Stay> stays, ReadAhead read) {
        Set<InstanceId> asked = stays.entrySet().stream()
                .filter(e -> needsAgent(facts, e.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        try {
            return new Seen(asked.isEmpty() ? Map.of() : read.agents(agents, asked), Optional.empty());
        } catch (GantryException e) {
            if (e.kind() == Trouble.Kind.RETRYABLE) {
                // A configuration error is noted on the stays, and paged from there.
                journal.log(
                        EventType.LOOK_FAILED, LogFields.ofError(facts.name(), Map.of("instances", sorted(asked)), e));
            }
            return new Seen(Map.of(), Optional.of(e));
        }
    }

    private static List<String> sorted(Set<InstanceId> instances) {
        return instances.stream().map(InstanceId::value).sorted().toList();
    }

    private static boolean needsAgent(FleetFacts facts, Stay stay) {
        return stay.isOpen()
                && (stay.attempts().stream().noneMatch(Attempt::succeeded) || isRunAskedFor(stay))
                && stay.lastAttempt()
                        .filter(a -> a.isUnderWay() && !mayGoAnotherWay(facts, a))
                        .isEmpty();
    }

    private static boolean isRunAskedFor(Stay stay) {
        return stay.intervention()
                .retry()
                .filter(retry -> stay.attempts().stream().noneMatch(run -> run.number() >= retry.run()))
                .isPresent();
    }

    /** A run that was certainly never sent is sent again, or goes over the bastion if the agent is offline. */
    private static boolean mayGoAnotherWay(FleetFacts facts, Attempt run) {
        return !run.mayHaveBegun() && run.absence().isProven() && facts.hasFallback();
    }

    /** The time without an answer of Systems Manager matters only if the fleet has a bastion. */
    Gathered silence(FleetFacts facts, Map<InstanceId, Stay> stays, Set<SsmCall> unanswered) {
        Instant now = clock.instant();
        return Gathered.by(notes -> {
            if (facts.hasFallback()) {
                stays.forEach((instance, stay) -> asked(facts, stay, now)
                        .map(call ->
                                unanswered.contains(call) ? new Evidence.NotAnswered(now) : new Evidence.Answered())
                        .ifPresent(found -> notes.add(instance, found)));
            }
        });
    }

    /** The call to Systems Manager about this stay, if there was one. */
    private Optional<SsmCall> asked(FleetFacts facts, Stay stay, Instant now) {
        if (needsAgent(facts, stay)) {
            return Optional.of(SsmCall.AGENTS);
        }
        return stay.lastAttempt()
                .filter(a -> stay.isOpen() && a.isUnderWay() && !a.isOverTheBastion())
                .filter(a -> a.commandId().isPresent()
                        || !a.claimedAt().plus(takeover).isAfter(now))
                .map(a -> a.commandId().isPresent() ? SsmCall.RUNS : SsmCall.LOST_SENDS);
    }
}
