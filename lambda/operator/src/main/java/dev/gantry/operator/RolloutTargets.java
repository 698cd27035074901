package dev.gantry.operator;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups.Member;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * To which instances of a fleet a bundle may be applied by hand: those that are in service, and no others. One that waits at its
 * gate is Gantry's to decide about; one in the warm pool, in standby or on its way gets its bundle when it comes to the gate.
 *
 * @param inService those to apply it to
 * @param passedOver the others, with their LifecycleState
 */
public record RolloutTargets(List<InstanceId> inService, Map<InstanceId, String> passedOver) {
    private static final String IN_SERVICE = "InService";
    private static final String GONE = "in no Auto Scaling group";

    /**
     * The targets among a group's instances.
     *
     * @param wanted only these; all where it is empty
     */
    public static RolloutTargets of(Collection<Member> members, Set<InstanceId> wanted) {
        Map<InstanceId, String> states = new TreeMap<>();
        wanted.forEach(instance -> states.put(instance, GONE));
        members.stream()
                .filter(member -> wanted.isEmpty() || wanted.contains(member.instance()))
                .forEach(member -> states.put(member.instance(), member.state()));
        List<InstanceId> inService = states.entrySet().stream()
                .filter(entry -> entry.getValue().equals(IN_SERVICE))
                .map(Map.Entry::getKey)
                .toList();
        inService.forEach(states::remove);
        return new RolloutTargets(inService, states);
    }
}
