package dev.gantry.launch.reconcile;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Lifecycle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a round reads about its instances while its fleet's settings are read: their records, and the agents of those that a launch
 * event named. Most of those need their agents; where a run is under way already, the question was for nothing.
 *
 * @param instances whose records are read
 * @param launching whose agents are asked about
 */
record ReadAhead(
        Set<InstanceId> instances,
        Supplier<Map<InstanceId, Result<Ledger.Entry>>> records,
        Set<InstanceId> launching,
        Supplier<Map<InstanceId, Agent>> agents) {

    static ReadAhead of(Described described, Map<InstanceId, List<Look>> asked, Ports ports) {
        Set<InstanceId> instances = new TreeSet<>(described.instances());
        Set<InstanceId> launching = described.members().stream()
                .filter(member -> Lifecycle.of(member.state()).gate().isPresent())
                .map(Member::instance)
                .filter(instance -> asked.getOrDefault(instance, List.of()).stream()
                        .anyMatch(look -> look.hint().isPresent()))
                .collect(Collectors.toCollection(TreeSet::new));
        return new ReadAhead(
                instances,
                ports.ahead().start(() -> ports.ledger().load(described.fleet(), instances)),
                launching,
                launching.isEmpty()
                        ? Map::of
                        : ports.ahead().start(() -> ports.agents().describe(launching)));
    }

    /** The records of these instances: those that were read, if they are the same ones. */
    Map<InstanceId, Result<Ledger.Entry>> records(Ledger ledger, FleetFacts facts, Set<InstanceId> wanted) {
        return wanted.equals(instances) ? records.get() : ledger.load(facts.name(), wanted);
    }

    /** The agents of these instances: those that were asked about, if they are the same ones. */
    Map<InstanceId, Agent> agents(Agents port, Set<InstanceId> wanted) {
        return wanted.equals(launching) ? agents.get() : port.describe(wanted);
    }
}
