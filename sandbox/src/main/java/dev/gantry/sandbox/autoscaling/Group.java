package dev.gantry.sandbox.autoscaling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** An Auto Scaling group as the service keeps it. Changed under the service's lock only. */
final class Group {
    private final String name;
    private final String arn;
    private final Instant created;
    private final Map<String, Hook> hooks = new TreeMap<>();
    private final Map<String, Tag> tags = new TreeMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private final Map<ScalingProcess, String> suspended = new EnumMap<>(ScalingProcess.class);
    private final Set<String> metrics = new TreeSet<>();
    private GroupSettings settings;
    private Optional<WarmPool> warmPool = Optional.empty();
    private Optional<String> capacityChange = Optional.empty();
    private Backoff backoff = Backoff.NONE;
    private boolean deleting;

    Group(String name, String arn, Instant created, GroupSettings settings) {
        this.name = name;
        this.arn = arn;
        this.created = created;
        this.settings = settings;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    Instant created() {
        return created;
    }

    GroupSettings settings() {
        return settings;
    }

    void settings(GroupSettings value) {
        settings = value;
    }

    Map<String, Hook> hooks() {
        return hooks;
    }

    List<Hook> hooks(Transition transition) {
        return hooks.values().stream().filter(h -> h.transition() == transition).toList();
    }

    Map<String, Tag> tags() {
        return tags;
    }

    /** A copy, ordered by id: callers may change the group while they go through it. */
    List<Member> members() {
        return new ArrayList<>(members.values());
    }

    Optional<Member> member(String id) {
        return Optional.ofNullable(members.get(id));
    }

    void add(Member member) {
        members.put(member.id(), member);
    }

    void remove(Member member) {
        members.remove(member.id());
    }

    int serving() {
        return (int) members.values().stream().filter(Member::serving).count();
    }

    List<Member> warmed() {
        return members().stream().filter(m -> m.state().warmed()).toList();
    }

    Map<ScalingProcess, String> suspended() {
        return suspended;
    }

    boolean runs(ScalingProcess process) {
        return !suspended.containsKey(process);
    }

    void suspend(Collection<ScalingProcess> processes, String reason) {
        processes.forEach(p -> suspended.putIfAbsent(p, reason));
    }

    /** What CloudWatch would get of it; nothing here sends them. */
    Set<String> metrics() {
        return metrics;
    }

    Optional<WarmPool> warmPool() {
        return warmPool;
    }

    void warmPool(Optional<WarmPool> value) {
        warmPool = value;
    }

    /**
     * The sentence about the change of capacity that the group is still working on; begins the Cause of its activities.
     */
    Optional<String> capacityChange() {
        return capacityChange;
    }

    void capacityChange(Optional<String> sentence) {
        capacityChange = sentence;
    }

    Backoff backoff() {
        return backoff;
    }

    void backoff(Backoff value) {
        backoff = value;
    }

    boolean deleting() {
        return deleting;
    }

    void markDeleting() {
        deleting = true;
    }
}
