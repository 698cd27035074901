package dev.gantry.launch.reconcile;

import dev.gantry.launch.Agent;
import dev.gantry.launch.Attempt;
import dev.gantry.launch.Closing;
import dev.gantry.launch.GantryException;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.Lifecycle;
import dev.gantry.launch.Stay;
import dev.gantry.launch.Trouble;
import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts together what AWS and the ledger say now, in as few calls as possible, and decides nothing. */
final class Observer {
    private final Agents agents;
    private final Runs runs;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Duration takeover;

    Observer(Agents agents, Runs runs, Ledger ledger, InstantSource clock, Duration takeover) {
        this.agents = agents;
        this.runs = runs;
        this.ledger = ledger;
        this.clock = clock;
        this.takeover = takeover;
    }

    List<Case> observe(Pass pass, Collection<Member> members, Map<InstanceId, Look> looks) {
        Map<InstanceId, Ledger.Entry> entries = load(pass, members);
        Map<InstanceId, Stay> stays = stays(members, looks, entries);
        Map<InstanceId, Stay> learned = runs.learn(pass, stays, looks, takeover);
        AgentsSeen seen = agentsOf(learned);
        List<Case> cases = new ArrayList<>();
        for (Member member : members) {
            Ledger.Entry entry = entries.get(member.instance());
            if (entry != null) {
                Optional<Stay> stay = Optional.ofNullable(learned.get(member.instance()));
                cases.add(new Case(member.instance(), entry, observation(pass, member, stay, seen)));
            }
        }
        return cases;
    }

    private Observation observation(Pass pass, Member member, Optional<Stay> stay, AgentsSeen seen) {
        return new Observation(
                clock.instant(),
                pass.fleet(),
                pass.view().release(),
                Lifecycle.of(member.state()),
                stay,
                seen.agents().getOrDefault(member.instance(), Agent.ABSENT),
                pass.trouble().or(seen::trouble),
                takeover);
    }

    private Map<InstanceId, Ledger.Entry> load(Pass pass, Collection<Member> members) {
        Set<InstanceId> ids = members.stream().map(Member::instance).collect(Collectors.toSet());
        Map<InstanceId, Ledger.Entry> entries = new TreeMap<>();
        ledger.load(pass.fleet().name(), ids).forEach((instance, result) -> {
            if (result instanceof Result.Ok<Ledger.Entry> ok) {
                entries.put(instance, ok.value());
            } else if (result instanceof Result.Err<Ledger.Entry> err) {
                pass.failed(instance, err.error());
            }
        });
        return entries;
    }

    private Map<InstanceId, Stay> stays(
            Collection<Member> members, Map<InstanceId, Look> looks, Map<InstanceId, Ledger.Entry> entries) {
        Map<InstanceId, Stay> stays = new TreeMap<>();
        for (Member member : members) {
            Ledger.Entry entry = entries.get(member.instance());
            if (entry != null) {
                stay(member, entry, Optional.ofNullable(looks.get(member.instance())))
                        .ifPresent(stay -> stays.put(member.instance(), stay));
            }
        }
        return stays;
    }

    private Optional<Stay> stay(Member member, Ledger.Entry entry, Optional<Look> look) {
        Instant now = clock.instant();
        Lifecycle lifecycle = Lifecycle.of(member.state());
        return switch (lifecycle) {
            case AT_WARM_GATE, AT_SERVICE_GATE -> Optional.of(
                    Stay.current(entry.stay(), lifecycle.gate().orElseThrow(), look.flatMap(Look::hint), now));
            case PASSED -> entry.stay().map(stay -> stay.isYoung(now) ? stay : over(stay, member, now));
            case LEAVING -> entry.stay().map(stay -> over(stay, member, now));
            case ARRIVING, UNKNOWN -> entry.stay();
        };
    }

    /** A stay whose instance is beyond the gate is over, whoever completed it. */
    private static Stay over(Stay stay, Member member, Instant now) {
        if (stay.closedAt().isPresent()) {
            return stay;
        }
        Closing closing = stay.closing()
                .orElseGet(() -> Closing.elsewhere(
                        "the instance was seen " + member.state() + ", and Gantry had not completed its launch", now));
        return stay.withClosing(closing.done(now));
    }

    private record AgentsSeen(Map<InstanceId, Agent> agents, Optional<Trouble> trouble) {}

    private AgentsSeen agentsOf(Map<InstanceId, Stay> stays) {
        Set<InstanceId> asked = stays.entrySet().stream()
                .filter(e -> needsAgent(e.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        try {
            return new AgentsSeen(asked.isEmpty() ? Map.of() : agents.describe(asked), Optional.empty());
        } catch (GantryException e) {
            return new AgentsSeen(Map.of(), Optional.of(Pass.trouble(e, clock.instant())));
        }
    }

    private static boolean needsAgent(Stay stay) {
        return stay.isOpen()
                && stay.attempts().stream().noneMatch(Attempt::succeeded)
                && stay.lastAttempt().filter(Attempt::isUnderWay).isEmpty();
    }
}
