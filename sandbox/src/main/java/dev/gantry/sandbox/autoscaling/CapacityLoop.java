package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.ec2.Ec2;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings groups to their desired capacity: soon after something changed, and every 15 s, which is also how often
 * the health of instances is looked at (AWS does not publish it).
 */
final class CapacityLoop {
    private static final Duration TICK = Duration.ofSeconds(15);

    private final Clockwork clock;
    private final Groups groups;
    private final ActivityLog log;
    private final Conductor conductor;
    private final Set<Group> awaited = new HashSet<>();
    private boolean ticking;

    CapacityLoop(Clockwork clock, Groups groups, ActivityLog log, Ec2 ec2, Notices notices) {
        this.clock = clock;
        this.groups = groups;
        this.log = log;
        this.conductor = new Conductor(clock, ec2, log, notices, this::changed);
    }

    Conductor conductor() {
        return conductor;
    }

    /** Schedules a look at the group; also if only its settings changed. */
    void changed(Group group) {
        startTicking();
        if (awaited.add(group)) {
            clock.soon(() -> {
                awaited.remove(group);
                reconcile(group);
            });
        }
    }

    private void startTicking() {
        if (!ticking) {
            ticking = true;
            clock.after(TICK, this::tick);
        }
    }

    private void tick() {
        ticking = false;
        if (!groups.all().isEmpty()) {
            startTicking();
        }
        // Each group separately: a group that fails does not affect the others.
        groups.all().forEach(group -> clock.after(Duration.ZERO, () -> reconcile(group)));
    }

    private void reconcile(Group group) {
        if (!groups.contains(group)) {
            return;
        }
        if (group.deleting()) {
            finishDeletion(group);
            return;
        }
        checkHealth(group);
        suspendWhenHopeless(group);
        Plan plan = Plan.of(group, clock.now());
        carryOut(group, plan);
        finishPoolDeletion(group);
        if (group.serving() == group.settings().desired()) {
            group.capacityChange(Optional.empty());
        }
    }

    private void carryOut(Group group, Plan plan) {
        Instant now = clock.now();
        int serving = group.serving();
        plan.replace().forEach(m -> conductor.begin(group, m, Journey.TERMINATE, healthCause(m, now)));
        scaleIn(group, plan, serving - plan.replace().size());
        String cause = launchCause(group, plan, now);
        plan.warmStarts().forEach(m -> conductor.begin(group, m, Journey.SCALE_OUT, cause));
        repeat(plan.launches(), () -> conductor.launch(group, Journey.LAUNCH, cause));
        plan.drains().forEach(m -> conductor.begin(group, m, Journey.DRAIN, Causes.poolShrunk(now, m.id())));
        repeat(plan.warmLaunches(), () -> conductor.launch(group, Journey.WARM, Causes.poolChanged(now)));
    }

    private void scaleIn(Group group, Plan plan, int serving) {
        int left = plan.returns();
        for (Member member : plan.scaleIn()) {
            boolean back = left > 0 && member.passage().isEmpty();
            left -= back ? 1 : 0;
            String cause = withChange(
                    group,
                    Causes.scaledIn(clock.now(), serving, group.settings().desired(), member.id()));
            conductor.begin(group, member, back ? Journey.RETURN : Journey.TERMINATE, cause);
        }
        if (plan.blocked() && group.capacityChange().isPresent()) {
            tellBlocked(group);
        }
    }

    /** Reported once per change of capacity, although the loop runs again every few seconds. */
    private void tellBlocked(Group group) {
        String text =
                "Could not scale to desired capacity because all remaining instances are protected from scale-in.";
        Activity activity = log.begin(
                group,
                text,
                group.capacityChange().orElse(""),
                Activity.Status.IN_PROGRESS,
                group.settings().zones().get(0),
                Optional.empty());
        log.change(activity.id(), a -> a.ended(Activity.Status.CANCELLED, clock.now()));
        group.capacityChange(Optional.empty());
    }

    private String launchCause(Group group, Plan plan, Instant now) {
        if (!plan.replace().isEmpty() && group.capacityChange().isEmpty()) {
            return Causes.replacing(now);
        }
        return withChange(
                group, Causes.started(now, group.serving(), group.settings().desired()));
    }

    private static String withChange(Group group, String cause) {
        return group.capacityChange().map(change -> change + "  ").orElse("") + cause;
    }

    private String healthCause(Member member, Instant now) {
        return conductor.state(member).equals("running") ? Causes.userHealthCheck(now) : Causes.ec2HealthCheck(now);
    }

    private void checkHealth(Group group) {
        if (!group.runs(ScalingProcess.HEALTH_CHECK)) {
            return;
        }
        for (Member member : group.members()) {
            conductor.checkWaiting(group, member);
            boolean shouldRun =
                    member.restsIn(LifecycleState.IN_SERVICE) || member.restsIn(LifecycleState.WARMED_RUNNING);
            String state = conductor.state(member);
            if ((shouldRun && !state.equals("running")) || (member.restsInPool() && state.equals("terminated"))) {
                member.healthy(false);
            }
        }
    }

    /** AWS's administrative suspension: after a day without a single successful launch. */
    private void suspendWhenHopeless(Group group) {
        if (group.backoff().exhausted(clock.now()) && group.runs(ScalingProcess.LAUNCH)) {
            group.suspend(List.of(ScalingProcess.LAUNCH), "Administratively suspended at " + Xml.time(clock.now()));
        }
    }

    private void finishDeletion(Group group) {
        if (group.members().isEmpty()) {
            groups.remove(group);
        }
    }

    private void finishPoolDeletion(Group group) {
        if (group.warmPool().filter(WarmPool::deleting).isPresent()
                && group.members().stream()
                        .noneMatch(m -> m.warming() || m.state().warmed())) {
            group.warmPool(Optional.empty());
        }
    }

    private static void repeat(int times, Runnable task) {
        for (int i = 0; i < times; i++) {
            task.run();
        }
    }
}
