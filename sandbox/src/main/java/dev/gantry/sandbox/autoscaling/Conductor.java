package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.ec2.Ec2;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Moves instances through their journeys: begins them, holds them at their hooks, continues and ends them. {@link Journey}
 * and {@link Passage} decide what comes next; this class makes the calls to EC2, the activities, the notices and the
 * timers. It polls EC2.
 */
final class Conductor {
    private static final System.Logger LOG = System.getLogger(Conductor.class.getName());

    private final Clockwork clock;
    private final Ec2 ec2;
    private final ActivityLog log;
    private final Notices notices;
    private final Consumer<Group> changed;
    private final Map<String, Runnable> expiries = new HashMap<>();

    /** {@code changed} hears of each group whose capacity may have changed. */
    Conductor(Clockwork clock, Ec2 ec2, ActivityLog log, Notices notices, Consumer<Group> changed) {
        this.clock = clock;
        this.ec2 = ec2;
        this.log = log;
        this.notices = notices;
        this.changed = changed;
    }

    /** Launches one instance into the group or its warm pool. */
    void launch(Group group, Journey journey, String cause) {
        String zone = Zones.leastUsed(group);
        Optional<String> subnet = group.settings().subnetIn(zone);
        Activity activity =
                log.begin(group, Descriptions.of(journey), cause, Activity.Status.PRE_IN_SERVICE, zone, subnet);
        String id;
        try {
            id = ec2.launch(Zones.launchSpec(group, zone));
        } catch (RuntimeException e) {
            refused(group, journey, activity, e);
            return;
        }
        Member member = new Member(id, zone, subnet, resolved(group.settings().source()), clock.now());
        member.protectedFromScaleIn(group.settings().newInstancesProtected());
        group.add(member);
        log.change(activity.id(), a -> a.about(id));
        member.take(Passage.begun(activity.id(), journey));
        lookLater(group, member, activity.id());
    }

    /** Starts a journey of an existing instance; its present journey ends. */
    Activity begin(Group group, Member member, Journey journey, String cause) {
        interrupt(member);
        Activity.Status status = journey.launching() ? Activity.Status.PRE_IN_SERVICE : Activity.Status.IN_PROGRESS;
        Activity activity = log.begin(group, Descriptions.of(journey), cause, status, member.zone(), member.subnet());
        member.take(Passage.begun(activity.id(), journey));
        if (journey == Journey.SCALE_OUT && !state(member).equals("running")) {
            ec2.start(member.id());
        }
        lookLater(group, member, activity.id());
        return log.change(activity.id(), a -> a.about(member.id())).orElse(activity);
    }

    /** Terminates at once, without a hook: what ForceDelete does. */
    void force(Group group, Member member, String cause) {
        Journey journey = member.state().warmed() ? Journey.DRAIN : Journey.TERMINATE;
        begin(group, member, journey, cause);
        member.passage().ifPresent(p -> release(group, member, p, Stage.FINISHING));
    }

    /** Completes an active action; ABANDON carries its reason into the activity. */
    void complete(Group group, Member member, LifecycleAction action, Result result, String reason) {
        member.passage().ifPresent(p -> {
            forget(action);
            member.take(p.with(action.token(), a -> a.completed(result)));
            decide(group, member, action, reason);
        });
    }

    void heartbeat(Member member, LifecycleAction action) {
        member.passage().ifPresent(p -> member.take(p.with(action.token(), a -> a.beating(clock.now()))));
    }

    /** The member and its active action that the test finds. */
    static Optional<LifecycleAction> active(Member member, Predicate<LifecycleAction> test) {
        return member.passage().flatMap(p -> p.active(test));
    }

    /** An instance that EC2 lost while a hook held it fails its launch. */
    void checkWaiting(Group group, Member member) {
        member.passage()
                .filter(p -> p.stage() == Stage.WAITING && p.journey().launching())
                .filter(p -> !state(member).equals("running"))
                .ifPresent(p -> lost(group, member, p));
    }

    /** Its state in EC2; an instance that EC2 no longer knows is terminated. */
    String state(Member member) {
        return ec2.find(member.id()).map(Ec2.Instance::state).orElse("terminated");
    }

    private void look(Group group, Member member, String passageId) {
        member.passage().filter(p -> p.id().equals(passageId)).ifPresent(p -> {
            switch (p.stage()) {
                case BEGUN -> lookAtBeginning(group, member, p);
                case PROCEEDING, FINISHING -> settle(group, member, p);
                case WAITING -> {}
            }
        });
    }

    private void lookAtBeginning(Group group, Member member, Passage passage) {
        if (!passage.journey().launching() || state(member).equals("running")) {
            hold(group, member, passage);
        } else if (Zones.mayStillRun(passage.journey(), state(member))) {
            lookLater(group, member, passage.id());
        } else {
            lost(group, member, passage);
        }
    }

    private void hold(Group group, Member member, Passage passage) {
        List<Hook> hooks =
                passage.journey().hooked() ? group.hooks(passage.journey().transition()) : List.of();
        if (hooks.isEmpty()) {
            release(group, member, passage, Stage.FINISHING);
            return;
        }
        List<LifecycleAction> actions = hooks.stream()
                .map(hook -> LifecycleAction.begun(UUID.randomUUID().toString(), hook, clock.now()))
                .toList();
        member.take(passage.waitingFor(actions));
        log.change(passage.id(), a -> a.in(Activity.Status.MID_LIFECYCLE_ACTION));
        actions.forEach(action ->
                expireLater(group, member, action.token(), action.hook().heartbeat()));
        actions.forEach(action -> notices.lifecycleAction(group, member, passage.journey(), action));
    }

    private void expireLater(Group group, Member member, String token, Duration delay) {
        expiries.put(token, clock.after(delay, () -> expire(group, member, token)));
    }

    /**
     * The heartbeat of an action may have been recorded since this timer was set: then it is set again for the rest.
     */
    private void expire(Group group, Member member, String token) {
        expiries.remove(token);
        active(member, a -> a.token().equals(token)).ifPresent(action -> {
            Duration left = Duration.between(clock.now(), action.deadline());
            if (left.isZero() || left.isNegative()) {
                complete(group, member, action, action.hook().defaultResult(), "Heartbeat Timeout");
            } else {
                expireLater(group, member, token, left);
            }
        });
    }

    private void decide(Group group, Member member, LifecycleAction action, String reason) {
        member.passage().ifPresent(p -> p.verdict().ifPresent(result -> {
            p.actions().forEach(this::forget);
            switch (p.journey().after(result)) {
                case PROCEED -> release(group, member, p, Stage.PROCEEDING);
                case DISCARD -> abandoned(group, member, p, action, reason);
            }
        }));
    }

    private void release(Group group, Member member, Passage passage, Stage stage) {
        switch (passage.journey().to()) {
            case EC2 -> ec2.terminate(member.id());
            case WARM_POOL -> stopForPool(group, member);
            case GROUP -> {}
        }
        Passage released = passage.at(stage);
        member.take(released);
        log.change(released.id(), a -> a.in(Activity.Status.HALFWAY));
        if (stage == Stage.FINISHING) {
            settle(group, member, released);
        } else {
            lookLater(group, member, released.id());
        }
    }

    private void stopForPool(Group group, Member member) {
        if (poolState(group) != WarmPool.PoolState.RUNNING) {
            ec2.stop(member.id());
        }
    }

    private void settle(Group group, Member member, Passage passage) {
        boolean arrived =
                switch (passage.journey().to()) {
                    case GROUP -> true;
                    case WARM_POOL -> poolState(group) == WarmPool.PoolState.RUNNING
                            || state(member).equals("stopped")
                            || state(member).equals("terminated");
                    case EC2 -> state(member).equals("terminated");
                };
        if (arrived) {
            arrive(group, member, passage);
        } else {
            lookLater(group, member, passage.id());
        }
    }

    private void arrive(Group group, Member member, Passage passage) {
        switch (passage.journey().to()) {
            case GROUP -> enterService(member);
            case WARM_POOL -> member.restIn(poolState(group).rest());
            case EC2 -> leave(group, member);
        }
        if (passage.journey().launching()) {
            group.backoff(Backoff.NONE);
        }
        log.change(passage.id(), a -> a.ended(Activity.Status.SUCCESSFUL, clock.now()))
                .ifPresent(a -> announce(a, passage.journey()));
        changed.accept(group);
    }

    private static void leave(Group group, Member member) {
        member.restIn(member.state().warmed() ? LifecycleState.WARMED_TERMINATED : LifecycleState.TERMINATED);
        group.remove(member);
    }

    private void enterService(Member member) {
        member.restIn(LifecycleState.IN_SERVICE);
        member.enteredServiceAt(clock.now());
    }

    private void announce(Activity activity, Journey journey) {
        if (journey.launching()) {
            notices.launchSuccessful(activity, journey);
        } else {
            notices.terminateSuccessful(activity, journey);
        }
    }

    private void abandoned(Group group, Member member, Passage passage, LifecycleAction action, String reason) {
        String message = "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token "
                + action.token() + " was abandoned: " + reason;
        fail(group, member, passage, Activity.Status.CANCELLED, message);
    }

    private void lost(Group group, Member member, Passage passage) {
        passage.actions().forEach(this::forget);
        group.backoff(group.backoff().failed(clock.now()));
        String message =
                "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason:"
                        + " Client.UserInitiatedShutdown: User initiated shutdown";
        fail(group, member, passage, Activity.Status.FAILED, message);
    }

    /**
     * A launch that fails is not retried with the same instance: it goes, unhooked, and the group launches another. It
     * goes while Terminate is suspended too: nothing is scaled in here (AWS does not document this case).
     */
    private void fail(Group group, Member member, Passage passage, Activity.Status status, String message) {
        Optional<Activity> ended = log.change(passage.id(), a -> a.ended(status, clock.now(), message));
        if (passage.journey().launching()) {
            ended.ifPresent(a -> notices.launchUnsuccessful(a, passage.journey()));
        }
        Journey discard = passage.state().warmed() ? Journey.DISCARD_WARM : Journey.DISCARD;
        release(group, member, Passage.begun(UUID.randomUUID().toString(), discard), Stage.FINISHING);
        changed.accept(group);
    }

    private void refused(Group group, Journey journey, Activity activity, RuntimeException why) {
        String message = why.getMessage() + ". Launching EC2 instance failed.";
        group.backoff(group.backoff().failed(clock.now()));
        log.change(activity.id(), a -> a.ended(Activity.Status.FAILED, clock.now(), message))
                .ifPresent(a -> notices.launchUnsuccessful(a, journey));
        changed.accept(group);
    }

    private void interrupt(Member member) {
        member.passage().ifPresent(p -> {
            p.actions().forEach(this::forget);
            log.change(
                    p.id(),
                    a -> a.ended(Activity.Status.CANCELLED, clock.now(), "Instance was taken out before it arrived"));
        });
    }

    private void forget(LifecycleAction action) {
        Optional.ofNullable(expiries.remove(action.token())).ifPresent(Runnable::run);
    }

    private void lookLater(Group group, Member member, String passageId) {
        clock.soon(() -> {
            try {
                look(group, member, passageId);
            } catch (RuntimeException e) {
                // EC2 or the bus failed for a moment: the instance must not be lost because of that.
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Auto Scaling: looking at " + member.id() + " failed, and is tried again: " + e.getMessage());
                lookLater(group, member, passageId);
            }
        });
    }

    private static WarmPool.PoolState poolState(Group group) {
        return group.warmPool().map(WarmPool::state).orElse(WarmPool.PoolState.STOPPED);
    }

    private static LaunchSource resolved(LaunchSource source) {
        return source instanceof LaunchSource.Template template ? template.resolved() : source;
    }
}
