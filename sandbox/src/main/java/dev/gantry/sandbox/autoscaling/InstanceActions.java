package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The actions on instances of a group: describe, health, terminate, standby, detach. */
final class InstanceActions {
    private static final Duration MOVE = Duration.ofSeconds(1);
    private static final int MAX_IDS = 50;

    private final Clockwork clock;
    private final Groups groups;
    private final ActivityLog log;
    private final CapacityLoop loop;

    InstanceActions(Clockwork clock, Groups groups, ActivityLog log, CapacityLoop loop) {
        this.clock = clock;
        this.groups = groups;
        this.log = log;
        this.loop = loop;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of(
                "DescribeAutoScalingInstances", this::describe,
                "SetInstanceHealth", this::setHealth,
                "TerminateInstanceInAutoScalingGroup", this::terminate,
                "EnterStandby", this::enterStandby,
                "ExitStandby", this::exitStandby,
                "DetachInstances", this::detach);
    }

    private record Placed(Group group, Member member) {}

    /** Ids that are unknown are left out without an error (API_DescribeAutoScalingInstances). */
    private String describe(Query query) {
        int size = Names.pageSize(query, MAX_IDS, MAX_IDS);
        List<String> ids = query.list("InstanceIds");
        if (ids.size() > MAX_IDS) {
            throw Faults.validation("The number of instance ids that may be passed in is limited to " + MAX_IDS);
        }
        List<Placed> found = groups.all().stream()
                .flatMap(g -> g.members().stream().map(m -> new Placed(g, m)))
                .filter(p -> ids.isEmpty() || ids.contains(p.member().id()))
                .toList();
        Page<Placed> page = Page.of(found, p -> p.member().id(), size, Names.nextToken(query));
        return new Xml()
                .list(
                        "AutoScalingInstances",
                        page.items(),
                        (x, p) -> Rendering.instanceDetails(x, p.member(), p.group()))
                .text("NextToken", page.next())
                .toString();
    }

    private String setHealth(Query query) {
        Placed placed = placed(Names.instance(query));
        String status = query.required("HealthStatus", 1, 32);
        if (!status.equals("Healthy") && !status.equals("Unhealthy")) {
            throw Faults.validation(
                    "Valid instance health states are: [Healthy, Unhealthy], but '" + status + "' was given");
        }
        boolean graced = query.flag("ShouldRespectGracePeriod").orElse(true) && inGracePeriod(placed);
        if (!graced) {
            placed.member().healthy(status.equals("Healthy"));
            loop.changed(placed.group());
        }
        return "";
    }

    private boolean inGracePeriod(Placed placed) {
        Duration grace = Duration.ofSeconds(placed.group().settings().graceSeconds());
        return placed.member()
                .inServiceSince()
                .filter(since -> since.plus(grace).isAfter(clock.now()))
                .isPresent();
    }

    private String terminate(Query query) {
        Placed placed = placed(Names.instance(query));
        boolean decrement = query.requiredFlag("ShouldDecrementDesiredCapacity");
        Group group = groups.usable(placed.group().name());
        Member member = placed.member();
        checkTerminable(member);
        GroupSettings settings = group.settings();
        if (decrement && settings.desired() <= settings.min()) {
            throw Faults.validation("Currently, desiredSize equals minSize (" + settings.min()
                    + "). Terminating instance without replacement will violate group's min size constraint. Either set"
                    + " shouldDecrementDesiredCapacity flag to false or lower group's min size.");
        }
        String cause = Causes.userRequest(clock.now(), member.id());
        if (decrement) {
            cause = Causes.userRequest(clock.now(), member.id(), settings.desired(), settings.desired() - 1);
            group.settings(settings.desiring(settings.desired() - 1));
        }
        Activity activity = loop.conductor().begin(group, member, Journey.TERMINATE, cause);
        loop.changed(group);
        Xml xml = new Xml();
        return xml.structure("Activity", () -> Rendering.activity(xml, activity, false))
                .toString();
    }

    private static void checkTerminable(Member member) {
        if (member.state().warmed()) {
            throw Faults.validation(
                    "The instance " + member.id() + " is in a warm pool and cannot be terminated by this operation");
        }
        boolean leaving =
                member.passage().map(p -> p.journey().to() == Place.EC2).orElse(false);
        if (leaving) {
            throw Faults.scalingActivityInProgress("The instance " + member.id() + " is already being terminated");
        }
    }

    private String enterStandby(Query query) {
        Group group = groups.usable(Names.group(query));
        List<Member> moved = inState(group, Names.movedInstances(query), "InService", LifecycleState.IN_SERVICE);
        Function<Member, String> cause = taken(group, query, moved, "place into standby", "moved to standby");
        return activities(moved.stream()
                .map(m -> move(
                        group,
                        m,
                        "Moving EC2 instance to Standby",
                        cause.apply(m),
                        LifecycleState.ENTERING_STANDBY,
                        () -> m.restIn(LifecycleState.STANDBY)))
                .toList());
    }

    /**
     * No hook fires on the way back: hooks are for newly launched instances only (aws-codedeploy-samples#30, by AWS).
     */
    private String exitStandby(Query query) {
        Group group = groups.usable(Names.group(query));
        List<Member> moved = inState(group, Names.movedInstances(query), "Standby", LifecycleState.STANDBY);
        if (!group.runs(ScalingProcess.LAUNCH)) {
            throw Faults.validation("Instances cannot leave standby while the Launch process is suspended");
        }
        GroupSettings settings = group.settings();
        int to = settings.desired() + moved.size();
        if (to > settings.max()) {
            throw Faults.validation(sizes(group) + " To move " + moved.size()
                    + " instance(s) out of standby, please update the AutoScalingGroup sizes appropriately.");
        }
        group.settings(settings.desiring(to));
        return activities(moved.stream()
                .map(m -> move(
                        group,
                        m,
                        "Moving EC2 instance out of Standby",
                        Causes.moved(clock.now(), m.id(), "moved out of standby", "increasing", settings.desired(), to),
                        LifecycleState.PENDING,
                        () -> {
                            m.restIn(LifecycleState.IN_SERVICE);
                            m.enteredServiceAt(clock.now());
                        }))
                .toList());
    }

    private String detach(Query query) {
        Group group = groups.usable(Names.group(query));
        List<Member> moved = inState(
                group,
                Names.movedInstances(query),
                "InService or Standby",
                LifecycleState.IN_SERVICE,
                LifecycleState.STANDBY);
        Function<Member, String> cause = taken(group, query, moved, "detach", "detached");
        return activities(moved.stream()
                .map(m -> move(
                        group,
                        m,
                        "Detaching EC2 instance",
                        cause.apply(m),
                        LifecycleState.DETACHING,
                        () -> group.remove(m)))
                .toList());
    }

    /**
     * Takes instances out of what the desired capacity counts, lowers it if asked to, and gives the causes to state.
     */
    private Function<Member, String> taken(Group group, Query query, List<Member> moved, String what, String verb) {
        if (!query.requiredFlag("ShouldDecrementDesiredCapacity")) {
            return m -> Causes.moved(clock.now(), m.id(), verb);
        }
        int from = group.settings().desired();
        int to = from - moved.size();
        if (to < group.settings().min()) {
            throw Faults.validation(sizes(group) + " To " + what + " " + moved.size()
                    + " instance(s), please update the AutoScalingGroup sizes appropriately.");
        }
        group.settings(group.settings().desiring(to));
        return m -> Causes.moved(clock.now(), m.id(), verb, "shrinking", from, to);
    }

    /** A move that takes a moment and that nothing can hold. */
    private Activity move(
            Group group, Member member, String description, String cause, LifecycleState meanwhile, Runnable end) {
        Activity begun = log.begin(group, description, cause, Activity.Status.HALFWAY, member.zone(), member.subnet());
        member.restIn(meanwhile);
        clock.after(MOVE, () -> {
            boolean undisturbed = member.restsIn(meanwhile);
            if (undisturbed) {
                end.run();
            }
            Activity.Status last = undisturbed ? Activity.Status.SUCCESSFUL : Activity.Status.CANCELLED;
            log.change(begun.id(), a -> a.ended(last, clock.now()));
            loop.changed(group);
        });
        loop.changed(group);
        return log.change(begun.id(), a -> a.about(member.id())).orElse(begun);
    }

    private static String activities(List<Activity> all) {
        return new Xml()
                .list("Activities", all, (x, a) -> Rendering.activity(x, a, false))
                .toString();
    }

    private static String sizes(Group group) {
        return "AutoScalingGroup " + group.name() + " has min-size="
                + group.settings().min() + ", max-size=" + group.settings().max() + ", and desired-size="
                + group.settings().desired() + ".";
    }

    /** The instances, all of them in one of the states, or none is moved. */
    private static List<Member> inState(Group group, List<String> ids, String names, LifecycleState... states) {
        return ids.stream()
                .distinct()
                .map(id -> inState(group, id, names, List.of(states)))
                .toList();
    }

    private static Member inState(Group group, String id, String names, List<LifecycleState> states) {
        Member member = group.member(id).orElseThrow(() -> Faults.notInGroup(id, group.name()));
        if (states.stream().noneMatch(member::restsIn)) {
            throw notIn(id, names);
        }
        return member;
    }

    private static AwsError notIn(String id, String states) {
        return Faults.validation("The instance " + id + " is not in " + states + ".");
    }

    private Placed placed(String id) {
        Optional<Placed> placed = groups.holding(id).flatMap(g -> g.member(id).map(m -> new Placed(g, m)));
        return placed.orElseThrow(() -> Faults.instanceNotFound(id));
    }
}
