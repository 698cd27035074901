package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.reconcile.breaker.BreakerAftermath;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at every waiting instance of every fleet, so that a lost event costs a minute and nothing else. */
final class Sweep {
    private static final int SECONDS_PER_MINUTE = 60;

    private final Ports ports;
    private final Guard guard;
    private final FleetRound round;
    private final Departures departures;
    private final BreakerAftermath aftermath;

    Sweep(Ports ports, Guard guard, FleetRound round, Departures departures, BreakerAftermath aftermath) {
        this.ports = ports;
        this.guard = guard;
        this.round = round;
        this.departures = departures;
        this.aftermath = aftermath;
    }

    Map<InstanceId, Decision> run(TimeLimit limit) {
        Set<FleetName> names =
                guard.asked("the list of fleets", () -> ports.fleets().names());
        Instant asked = ports.clock().instant();
        Map<FleetName, List<Member>> groups = guard.asked(
                "the list of the fleets' instances", () -> ports.groups().members(names));
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        groups.forEach((fleet, members) -> decisions.putAll(sweep(new Described(fleet, members, asked), limit)));
        return decisions;
    }

    private Map<InstanceId, Decision> sweep(Described described, TimeLimit limit) {
        CommandProgressCache shared = new CommandProgressCache(ports.commands());
        Described waiting = described.waiting();
        // First, so that a sweep that is killed later has stored the names.
        follow(described.outOfService(), limit);
        Map<InstanceId, Decision> decisions = lookAt(waiting, shared, limit);
        closeStaysOfThoseAway(described, shared, limit);
        finishBreaker(described, limit);
        return decisions;
    }

    /**
     * Records that the stays of instances beyond their gate are over, before they come back to a gate with a new stay. Their
     * decisions are no answer of the sweep: there is nothing to do about an instance that waits nowhere.
     */
    private void closeStaysOfThoseAway(Described described, CommandProgressCache shared, TimeLimit limit) {
        lookAt(described.away(), shared, limit);
    }

    private boolean isOver(TimeLimit limit) {
        return limit.isOver(ports.clock().instant());
    }

    /**
     * Looks once more at the instances that were at a gate, or between one and the service, at the last sweep and no longer are,
     * until their records are closed.
     */
    private void follow(Described outside, TimeLimit limit) {
        if (!isOver(limit)) {
            departures.follow(outside.fleet(), outside.instances(), left -> lookAfter(outside.fleet(), left, limit));
        }
    }

    /** Those of these instances whose record is still open. */
    private Set<InstanceId> lookAfter(FleetName fleet, Set<InstanceId> left, TimeLimit limit) {
        Set<InstanceId> open = new TreeSet<>(left);
        for (List<InstanceId> batch : Batches.of(left)) {
            if (!isOver(limit)) {
                guard.look(batch, some -> lookAfter(fleet, some, open, limit));
            }
        }
        return open;
    }

    private Map<InstanceId, Decision> lookAfter(
            FleetName fleet, List<InstanceId> left, Set<InstanceId> open, TimeLimit limit) {
        Instant asked = ports.clock().instant();
        List<Member> members = ports.groups().describe(left).values().stream()
                .filter(member -> member.group().equals(fleet))
                .toList();
        Described here = new Described(fleet, members, asked);
        Map<InstanceId, Decision> decisions = here.members().isEmpty()
                ? Map.of()
                : round.look(here, new CommandProgressCache(ports.commands()), limit)
                        .decisions();
        decisions.forEach((instance, decision) -> {
            if (decision instanceof Ignore) {
                open.remove(instance);
            }
        });
        // An instance that moved to another group is gone from this one.
        Set<InstanceId> gone = new TreeSet<>(left);
        here.instances().forEach(gone::remove);
        open.removeAll(departures.closeGone(fleet, gone, asked));
        return decisions;
    }

    private Map<InstanceId, Decision> lookAt(Described swept, CommandProgressCache shared, TimeLimit limit) {
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        long minute = ports.clock().instant().getEpochSecond() / SECONDS_PER_MINUTE;
        for (List<InstanceId> batch : Batches.rotated(swept.instances(), minute)) {
            decisions.putAll(
                    isOver(limit)
                            ? Outcomes.decided(batch, Outcomes.outOfTime()).decisions()
                            : guard.look(batch, some -> lookAtBatch(swept.only(some), shared, limit)));
        }
        return decisions;
    }

    private Map<InstanceId, Decision> lookAtBatch(Described batch, CommandProgressCache shared, TimeLimit limit) {
        FleetRound.Result result = round.look(batch, shared, limit);
        OldestStay.log(result, ports.clock().instant(), ports.journal());
        return result.decisions();
    }

    /** Finishes the breaker of a group without a looked-at instance; otherwise a round does it. */
    private void finishBreaker(Described described, TimeLimit limit) {
        boolean isLookedAt = !described.waiting().members().isEmpty()
                || !described.away().members().isEmpty();
        if (!isLookedAt && !isOver(limit)) {
            aftermath.finish(described.fleet());
        }
    }
}
