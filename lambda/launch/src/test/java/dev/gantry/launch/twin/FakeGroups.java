package dev.gantry.launch.twin;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Auto Scaling groups whose hooks really hold: with an end of each heartbeat, and with more than one hook. */
public final class FakeGroups implements Groups {
    private final Calls calls;
    private final HandClock clock;
    private final Map<InstanceId, Held> instances = new TreeMap<>();
    private final Set<FleetName> groups = new TreeSet<>();
    private final List<Completion> completions = new ArrayList<>();
    private final List<FleetName> resumed = new ArrayList<>();
    private final Set<FleetName> suspended = new TreeSet<>();

    public FakeGroups(Calls calls, HandClock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /** A completion that was accepted. */
    public record Completion(InstanceId instance, String hook, boolean proceed, Instant at) {}

    private static final class Held {
        private final FleetName group;
        private final Map<String, Instant> ends = new TreeMap<>();
        private final Map<String, Duration> heartbeats = new TreeMap<>();
        private String state;
        private String token = "";

        Held(FleetName group, String state) {
            this.group = group;
            this.state = state;
        }
    }

    @Override
    public Map<InstanceId, Member> describe(Collection<InstanceId> asked) {
        return calls.through("groups.describe", () -> {
            if (asked.isEmpty() || asked.size() > 50) {
                throw new IllegalArgumentException("DescribeAutoScalingInstances takes 1 to 50 instances a call");
            }
            Map<InstanceId, Member> found = new TreeMap<>();
            asked.forEach(i -> {
                if (instances.containsKey(i)) {
                    found.put(i, member(i));
                }
            });
            return found;
        });
    }

    @Override
    public Map<FleetName, List<Member>> members(Collection<FleetName> asked) {
        return calls.through("groups.members", () -> {
            Map<FleetName, List<Member>> found = new TreeMap<>();
            groups.stream().filter(asked::contains).forEach(g -> found.put(g, new ArrayList<>()));
            instances.forEach((i, held) -> {
                if (found.containsKey(held.group)) {
                    found.get(held.group).add(member(i));
                }
            });
            return found;
        });
    }

    @Override
    public ActionResult complete(
            FleetName group, String hook, InstanceId instance, Optional<String> token, Ending ending) {
        boolean proceed = ending == Ending.CONTINUE;
        return calls.through("groups.complete", () -> {
            if (!isActive(group, hook, instance)
                    || token.filter(t -> !isOf(instance, t)).isPresent()) {
                return ActionResult.NO_ACTIVE_ACTION;
            }
            completions.add(new Completion(instance, hook, proceed, clock.instant()));
            end(instances.get(instance), hook, proceed);
            return ActionResult.ACCEPTED;
        });
    }

    @Override
    public ActionResult heartbeat(FleetName group, String hook, InstanceId instance) {
        return calls.through("groups.heartbeat", () -> {
            if (!isActive(group, hook, instance)) {
                return ActionResult.NO_ACTIVE_ACTION;
            }
            Held held = instances.get(instance);
            held.ends.put(hook, clock.instant().plus(held.heartbeats.get(hook)));
            return ActionResult.ACCEPTED;
        });
    }

    @Override
    public boolean isLaunchSuspended(FleetName group) {
        return calls.through("groups.isLaunchSuspended", () -> suspended.contains(group));
    }

    @Override
    public void suspendLaunch(FleetName group) {
        calls.through("groups.suspendLaunch", () -> {
            suspended.add(group);
        });
    }

    @Override
    public void resumeLaunch(FleetName group) {
        calls.through("groups.resumeLaunch", () -> {
            suspended.remove(group);
            resumed.add(group);
        });
    }

    private boolean isActive(FleetName group, String hook, InstanceId instance) {
        Held held = instances.get(instance);
        return held != null && held.group.equals(group) && held.ends.containsKey(hook);
    }

    /** If a test gave the action a token, only that token names the action. */
    private boolean isOf(InstanceId instance, String token) {
        String present = instances.get(instance).token;
        return present.isEmpty() || present.equals(token);
    }

    /** The instance's present action has this token. */
    public void token(InstanceId instance, String token) {
        instances.get(instance).token = token;
    }

    private static void end(Held held, String hook, boolean proceed) {
        held.ends.remove(hook);
        if (!proceed) {
            held.ends.clear();
            held.state = "Terminating";
        } else if (held.ends.isEmpty()) {
            held.state = held.state.replace(":Wait", ":Proceed");
        }
    }

    private Member member(InstanceId instance) {
        Held held = instances.get(instance);
        return new Member(instance, held.group, held.state);
    }

    /** A group without instances. */
    public void create(FleetName group) {
        groups.add(group);
    }

    /** An instance that is in the group in some state, held by nothing. */
    public void put(InstanceId instance, FleetName group, String state) {
        groups.add(group);
        instances.put(instance, new Held(group, state));
    }

    /** The hook begins to hold the instance. */
    public void hold(InstanceId instance, String hook, Duration heartbeat) {
        Held held = instances.get(instance);
        held.heartbeats.put(hook, heartbeat);
        held.ends.put(hook, clock.instant().plus(heartbeat));
    }

    /** Somebody else completes the action. */
    public void completeElsewhere(InstanceId instance, String hook, boolean proceed) {
        end(instances.get(instance), hook, proceed);
    }

    public void state(InstanceId instance, String state) {
        instances.get(instance).state = state;
    }

    public String state(InstanceId instance) {
        return instances.containsKey(instance) ? instances.get(instance).state : "gone";
    }

    /** The instance leaves its group for good. */
    public void remove(InstanceId instance) {
        instances.remove(instance);
    }

    /** Ends each action whose heartbeat is over, with the hook's default result, as Auto Scaling does. */
    public void expire(boolean defaultProceeds) {
        for (Held held : instances.values()) {
            for (String hook : List.copyOf(held.ends.keySet())) {
                if (held.ends.containsKey(hook) && !clock.instant().isBefore(held.ends.get(hook))) {
                    end(held, hook, defaultProceeds);
                }
            }
        }
    }

    public List<Completion> completions() {
        return List.copyOf(completions);
    }

    /** Whether the group launches; twin-side, so no call. */
    public boolean isSuspended(FleetName group) {
        return suspended.contains(group);
    }

    /** Somebody suspends or resumes the group's Launch process by hand. */
    public void suspendByHand(FleetName group, boolean suspend) {
        if (suspend) {
            suspended.add(group);
        } else {
            suspended.remove(group);
        }
    }

    public List<FleetName> resumed() {
        return List.copyOf(resumed);
    }
}
