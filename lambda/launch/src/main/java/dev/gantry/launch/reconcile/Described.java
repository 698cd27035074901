package dev.gantry.launch.reconcile;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.stay.Lifecycle;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Members of a fleet's group, as Auto Scaling described them.
 *
 * @param at when Auto Scaling was asked
 */
record Described(FleetName fleet, List<Member> members, Instant at) {

    Described only(Collection<InstanceId> instances) {
        return only(member -> instances.contains(member.instance()));
    }

    /** Those that are held at a gate. */
    Described waiting() {
        return only(member -> Lifecycle.of(member.state()).gate().isPresent());
    }

    /** Those that are beyond a gate and out of service, so that they can come back to a gate. */
    Described away() {
        return only(member -> Lifecycle.of(member.state()) == Lifecycle.AWAY);
    }

    /** Those that are held at a gate, or beyond one and out of service. */
    Described outOfService() {
        return only(member ->
                Lifecycle.of(member.state()).gate().isPresent() || Lifecycle.of(member.state()) == Lifecycle.AWAY);
    }

    private Described only(Predicate<Member> which) {
        return new Described(fleet, members.stream().filter(which).toList(), at);
    }

    List<InstanceId> instances() {
        return members.stream().map(Member::instance).toList();
    }
}
