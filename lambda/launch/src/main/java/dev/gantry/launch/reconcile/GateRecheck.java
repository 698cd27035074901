package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Groups.Member;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Describes instances again before runs begin on them, where the description on which that was decided is some seconds old: the
 * function was stopped, or a call was slow. An instance can go from the warm gate to the service gate meanwhile, and a run
 * that is claimed for the earlier wait would go on beside that of the later one.
 */
final class GateRecheck {
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Groups groups;
    private final InstantSource clock;

    GateRecheck(Groups groups, InstantSource clock) {
        this.groups = groups;
        this.clock = clock;
    }

    /** Takes those out that are not at the gate of their stay; the outcomes have them. */
    Outcomes dropMoved(FleetFacts facts, Map<ObservedInstance, ?> wanted) {
        if (wanted.isEmpty() || clock.instant().isBefore(facts.describedAt().plus(FRESH))) {
            return Outcomes.NONE;
        }
        Outcomes dropped = Outcomes.NONE;
        try {
            Map<InstanceId, Member> now = groups.describe(
                    wanted.keySet().stream().map(ObservedInstance::instance).collect(Collectors.toSet()));
            for (ObservedInstance c : List.copyOf(wanted.keySet())) {
                if (!c.isAtItsGate(Optional.ofNullable(now.get(c.instance())))) {
                    wanted.remove(c);
                    dropped = dropped.then(Outcomes.wait(
                            c.instance(), Reason.STATE, "the instance is no longer described where it waited"));
                }
            }
        } catch (GantryException e) {
            for (ObservedInstance c : wanted.keySet()) {
                dropped = dropped.then(Outcomes.failed(c, e));
            }
            wanted.clear();
        }
        return dropped;
    }
}
