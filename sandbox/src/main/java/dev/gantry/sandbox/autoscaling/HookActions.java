package dev.gantry.sandbox.autoscaling;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The actions on lifecycle hooks and on the lifecycle actions that they begin. */
final class HookActions {
    private static final String COMPLETED = "Lifecycle Action Completed with ABANDON Result";

    private final Clockwork clock;
    private final Groups groups;
    private final Conductor conductor;
    private final Notices notices;

    HookActions(Clockwork clock, Groups groups, Conductor conductor, Notices notices) {
        this.clock = clock;
        this.groups = groups;
        this.conductor = conductor;
        this.notices = notices;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of(
                "PutLifecycleHook", this::put,
                "DeleteLifecycleHook", this::delete,
                "DescribeLifecycleHooks", this::describe,
                "DescribeLifecycleHookTypes", this::types,
                "CompleteLifecycleAction", this::complete,
                "RecordLifecycleActionHeartbeat", this::heartbeat);
    }

    /** The hooks of CreateAutoScalingGroup: all or none of them. */
    void addAll(Group group, List<Query> specifications) {
        Map<String, Hook> hooks = new LinkedHashMap<>();
        for (Query query : specifications) {
            Hook hook = read(query, Optional.empty());
            if (hooks.put(hook.name(), hook) != null) {
                throw Faults.validation("The lifecycle hook name " + hook.name() + " is given more than once");
            }
        }
        checkCount(hooks.size());
        hooks.values().forEach(hook -> test(group, hook));
        group.hooks().putAll(hooks);
    }

    private String put(Query query) {
        Group group = groups.usable(Names.group(query));
        Optional<Hook> old = Optional.ofNullable(group.hooks().get(Names.hook(query)));
        Hook hook = read(query, old);
        if (old.isEmpty()) {
            checkCount(group.hooks().size() + 1);
        }
        if (query.text("NotificationTargetARN").isPresent()) {
            test(group, hook);
        }
        group.hooks().put(hook.name(), hook);
        return "";
    }

    private static Hook read(Query query, Optional<Hook> old) {
        String name = Names.hook(query);
        Transition transition = query.text("LifecycleTransition")
                .map(HookActions::transition)
                .or(() -> old.map(Hook::transition))
                .orElseThrow(() -> Faults.constraint("null", "LifecycleTransition", "not be null"));
        Duration heartbeat = query.integer("HeartbeatTimeout", Hook.MIN_HEARTBEAT_SECONDS, Hook.MAX_HEARTBEAT_SECONDS)
                .map(Duration::ofSeconds)
                .or(() -> old.map(Hook::heartbeat))
                .orElse(Hook.DEFAULT_HEARTBEAT);
        Result standard = query.text("DefaultResult")
                .map(text -> result("DefaultResult", text))
                .or(() -> old.map(Hook::defaultResult))
                .orElse(Result.ABANDON);
        Optional<String> metadata = query.text("NotificationMetadata", 1, 4_000).or(() -> old.flatMap(Hook::metadata));
        // An empty ARN takes an earlier target away (API_PutLifecycleHook).
        Optional<String> target = query.text("NotificationTargetARN", 0, 255)
                .or(() -> old.flatMap(Hook::target))
                .filter(arn -> !arn.isEmpty());
        Optional<String> role = query.text("RoleARN", 1, 255).or(() -> old.flatMap(Hook::role));
        if (target.isPresent() && role.isEmpty()) {
            throw Faults.validation("RoleARN is required for a lifecycle hook with a NotificationTargetARN");
        }
        return new Hook(name, transition, heartbeat, standard, metadata, target, role);
    }

    private void test(Group group, Hook hook) {
        hook.target().ifPresent(target -> notices.test(group, target, hook.role(), clock.now()));
    }

    private static void checkCount(int count) {
        if (count > Hook.MAX_PER_GROUP) {
            throw Faults.limitExceeded("A group can have " + Hook.MAX_PER_GROUP + " lifecycle hooks at most");
        }
    }

    private static Transition transition(String wire) {
        return Transition.of(wire).orElseThrow(() -> Faults.validation("Invalid Lifecycle Transition: " + wire));
    }

    private static Result result(String name, String text) {
        return switch (text) {
            case "CONTINUE" -> Result.CONTINUE;
            case "ABANDON" -> Result.ABANDON;
            default -> throw Faults.constraint("'" + text + "'", name, "satisfy enum value set: [CONTINUE, ABANDON]");
        };
    }

    /**
     * What the hook held is completed first: launches are abandoned, terminations continue (API_DeleteLifecycleHook).
     */
    private String delete(Query query) {
        Group group = groups.usable(Names.group(query));
        String name = Names.hook(query);
        Hook hook = Optional.ofNullable(group.hooks().remove(name))
                .orElseThrow(() -> Faults.validation(
                        "No Lifecycle Hook found for Auto Scaling group " + group.name() + " with name " + name));
        Result result = hook.transition() == Transition.LAUNCHING ? Result.ABANDON : Result.CONTINUE;
        for (Member member : group.members()) {
            Conductor.active(member, a -> a.hook().name().equals(name))
                    .ifPresent(action -> conductor.complete(group, member, action, result, COMPLETED));
        }
        return "";
    }

    private String describe(Query query) {
        Group group = groups.named(Names.group(query));
        Set<String> names = query.list("LifecycleHookNames").stream().collect(Collectors.toSet());
        if (names.size() > 50) {
            throw Faults.constraint(names.toString(), "LifecycleHookNames", "have length less than or equal to 50");
        }
        List<Hook> shown = group.hooks().values().stream()
                .filter(hook -> names.isEmpty() || names.contains(hook.name()))
                .toList();
        return new Xml()
                .list("LifecycleHooks", shown, (x, hook) -> Rendering.hook(x, group, hook))
                .toString();
    }

    private String types(Query query) {
        return new Xml()
                .texts("LifecycleHookTypes", List.of(Transition.LAUNCHING.wire(), Transition.TERMINATING.wire()))
                .toString();
    }

    private String complete(Query query) {
        Result result = result("LifecycleActionResult", query.required("LifecycleActionResult", 1, 255));
        Held held = held(query);
        conductor.complete(held.group(), held.member(), held.action(), result, COMPLETED);
        return "";
    }

    private String heartbeat(Query query) {
        Held held = held(query);
        conductor.heartbeat(held.member(), held.action());
        return "";
    }

    private record Held(Group group, Member member, LifecycleAction action) {}

    /**
     * The active action that a call means: by token or, without one, by instance, and always of the hook that it names.
     */
    private Held held(Query query) {
        String hook = Names.hook(query);
        Group group = groups.named(query.required("AutoScalingGroupName", 1, 1_600));
        Optional<String> token = query.text("LifecycleActionToken", 36, 36);
        Optional<String> instance = query.text("InstanceId", 1, 19);
        if (token.isEmpty() && instance.isEmpty()) {
            throw Faults.validation("Either a LifecycleActionToken or an InstanceId has to be given");
        }
        Predicate<LifecycleAction> meant = action -> action.hook().name().equals(hook)
                && token.map(t -> t.equals(action.token())).orElse(true);
        return group.members().stream()
                .filter(m -> token.isPresent() || instance.equals(Optional.of(m.id())))
                .flatMap(m -> Conductor.active(m, meant).map(a -> new Held(group, m, a)).stream())
                .findFirst()
                .orElseThrow(() -> token.map(Faults::noActionForToken)
                        .orElseGet(() -> Faults.noActionForInstance(instance.orElseThrow())));
    }
}
