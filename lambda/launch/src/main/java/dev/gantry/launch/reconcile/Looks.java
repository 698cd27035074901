package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.stay.Hint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks at the instances that signals name, whatever fleets they are in. */
final class Looks {
    private final Ports ports;
    private final Guard guard;
    private final FleetRound round;
    private final Departures departures;

    Looks(Ports ports, Guard guard, FleetRound round, Departures departures) {
        this.ports = ports;
        this.guard = guard;
        this.round = round;
        this.departures = departures;
    }

    Map<InstanceId, Decision> look(Collection<Look> looks, TimeLimit limit) {
        Map<InstanceId, List<Look>> asked = new TreeMap<>();
        looks.forEach(look ->
                asked.computeIfAbsent(look.instance(), i -> new ArrayList<>()).add(look));
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        for (List<InstanceId> batch : Batches.of(asked.keySet())) {
            decisions.putAll(
                    limit.isOver(ports.clock().instant())
                            ? Outcomes.decided(batch, Outcomes.outOfTime()).decisions()
                            : guard.look(batch, some -> lookAt(some, asked, limit)));
        }
        return decisions;
    }

    private Map<InstanceId, Decision> lookAt(
            List<InstanceId> batch, Map<InstanceId, List<Look>> asked, TimeLimit limit) {
        Instant now = ports.clock().instant();
        // Auto Scaling's answer names the fleets; the events that it is asked about have named them already.
        hintedGroups(batch, asked)
                .forEach(group -> ports.ahead().start(() -> ports.fleets().find(group)));
        Map<InstanceId, Member> members = ports.groups().describe(batch);
        List<InstanceId> gone =
                batch.stream().filter(i -> !members.containsKey(i)).toList();
        closeGone(gone, asked, now);
        Ignore ignore = new Ignore("the instance is in no Auto Scaling group, or gone");
        Map<InstanceId, Decision> decisions =
                new TreeMap<>(Outcomes.decided(gone, ignore).decisions());
        Map<FleetName, List<Member>> byFleet = new TreeMap<>();
        members.values().forEach(m -> byFleet.computeIfAbsent(m.group(), g -> new ArrayList<>())
                .add(m));
        byFleet.forEach((fleet, ours) -> {
            Described there = new Described(fleet, ours, now);
            decisions.putAll(guard.look(there.instances(), some -> round.look(
                            there.only(some), asked, new CommandProgressCache(ports.commands()), limit)
                    .decisions()));
        });
        return decisions;
    }

    /** Closes the records of instances whose group a signal named. */
    private void closeGone(List<InstanceId> gone, Map<InstanceId, List<Look>> asked, Instant describedAt) {
        Map<FleetName, List<InstanceId>> byGroup = new TreeMap<>();
        gone.forEach(instance -> groupOf(asked.get(instance))
                .ifPresent(group ->
                        byGroup.computeIfAbsent(group, g -> new ArrayList<>()).add(instance)));
        byGroup.forEach((fleet, instances) -> departures.closeGone(fleet, instances, describedAt));
    }

    private static Set<FleetName> hintedGroups(List<InstanceId> batch, Map<InstanceId, List<Look>> asked) {
        return batch.stream()
                .flatMap(instance -> groupOf(asked.get(instance)).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<FleetName> groupOf(List<Look> looks) {
        return looks.stream()
                .flatMap(look -> look.hint().flatMap(Hint::group).stream())
                .findFirst();
    }
}
