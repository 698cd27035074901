package dev.gantry.sandbox.autoscaling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The groups of the account, by name. Changed under the service's lock only. */
final class Groups {
    private final Map<String, Group> byName = new TreeMap<>();

    /** The group, or the error that AWS answers for one that does not exist. */
    Group named(String name) {
        return find(name).orElseThrow(() -> Faults.groupNotFound(name));
    }

    /** The group, if it can still be changed. */
    Group usable(String name) {
        Group group = named(name);
        if (group.deleting()) {
            throw Faults.resourceInUse("AutoScalingGroup '" + name + "' is pending delete");
        }
        return group;
    }

    Optional<Group> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    List<Group> all() {
        return new ArrayList<>(byName.values());
    }

    void add(Group group) {
        byName.put(group.name(), group);
    }

    void remove(Group group) {
        byName.remove(group.name(), group);
    }

    boolean contains(Group group) {
        return group.equals(byName.get(group.name()));
    }

    Optional<Group> holding(String instanceId) {
        return byName.values().stream()
                .filter(g -> g.member(instanceId).isPresent())
                .findFirst();
    }
}
