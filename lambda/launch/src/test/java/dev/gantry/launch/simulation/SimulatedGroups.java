package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
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
import java.util.TreeMap;
import java.util.function.Predicate;

/** Auto Scaling as Gantry sees it: its descriptions can be some seconds old, its actions use the present state. */
final class SimulatedGroups implements Groups {
    private final Wire wire;
    private final Timeline timeline;
    private final Faults faults;
    private final AutoScaling autoScaling;
    private final Bundles bundles;
    private final Invariants invariants;
    private final BreakerInvariants breaker;
    private final String hook;
    private final Trace trace;

    SimulatedGroups(
            Wire wire,
            Timeline timeline,
            Faults faults,
            AutoScaling autoScaling,
            Bundles bundles,
            Invariants invariants,
            BreakerInvariants breaker,
            String hook,
            Trace trace) {
        this.wire = wire;
        this.timeline = timeline;
        this.faults = faults;
        this.autoScaling = autoScaling;
        this.bundles = bundles;
        this.invariants = invariants;
        this.breaker = breaker;
        this.hook = hook;
        this.trace = trace;
    }

    @Override
    public Map<InstanceId, Member> describe(Collection<InstanceId> instances) {
        return wire.call("describe instances", () -> {
            Map<InstanceId, Member> found = new TreeMap<>();
            Instant t = asOf();
            instances.forEach(i -> Optional.ofNullable(autoScaling.machines().get(i))
                    .flatMap(m -> member(m, t))
                    .ifPresent(m -> found.put(i, m)));
            return found;
        });
    }

    @Override
    public Map<FleetName, List<Member>> members(Collection<FleetName> groups) {
        List<Member> members = wire.call("describe groups", () -> members(state -> !isWarm(state)));
        if (autoScaling.hasWarmPool()) {
            members.addAll(wire.call("describe warm pool", () -> members(SimulatedGroups::isWarm)));
        }
        return groups.contains(Scenario.WEB) ? Map.of(Scenario.WEB, members) : Map.of();
    }

    private List<Member> members(Predicate<String> states) {
        List<Member> members = new ArrayList<>();
        Instant t = asOf();
        autoScaling.machines().values().forEach(m -> member(m, t)
                .filter(member -> states.test(member.state()))
                .ifPresent(members::add));
        return members;
    }

    /** DescribeAutoScalingGroups leaves these to DescribeWarmPool. */
    private static boolean isWarm(String state) {
        return state.startsWith("Warmed:");
    }

    private Instant asOf() {
        Duration lag = faults.strikes(FaultKind.DESCRIBE_LAGS)
                ? faults.of(FaultKind.DESCRIBE_LAGS).seconds(1, 10)
                : Duration.ZERO;
        return timeline.instant().minus(lag);
    }

    private static Optional<Member> member(Machine machine, Instant t) {
        return machine.stateAt(t)
                .filter(state -> !state.equals("Terminated"))
                .map(state -> new Member(machine.id, Scenario.WEB, state));
    }

    @Override
    public ActionResult complete(
            FleetName group, String hook, InstanceId instance, Optional<String> token, Ending ending) {
        boolean proceed = ending == Ending.CONTINUE;
        return wire.call("complete", () -> {
            permitted(Bundles.Mistake.COMPLETIONS_DENIED, "CompleteLifecycleAction");
            Optional<Machine.Wait> active = active(hook, instance)
                    .filter(wait -> token.filter(t -> !t.equals(wait.token)).isEmpty());
            trace.say(() -> instance + " complete with " + (proceed ? "CONTINUE" : "ABANDON") + ": "
                    + (active.isPresent() ? "accepted" : "no active action"));
            active.ifPresent(wait -> {
                Machine machine = autoScaling.machines().get(instance);
                invariants.completed(machine, wait, proceed);
                wait.isCompletedByGantry = true;
                autoScaling.complete(machine, wait, proceed);
            });
            return active.isPresent() ? ActionResult.ACCEPTED : ActionResult.NO_ACTIVE_ACTION;
        });
    }

    @Override
    public ActionResult heartbeat(FleetName group, String hook, InstanceId instance) {
        return wire.call("heartbeat", () -> {
            permitted(Bundles.Mistake.HEARTBEATS_DENIED, "RecordLifecycleActionHeartbeat");
            Optional<Machine.Wait> active = active(hook, instance);
            trace.say(() -> instance + " heartbeat: " + (active.isPresent() ? "accepted" : "no active action"));
            active.ifPresent(autoScaling::renew);
            return active.isPresent() ? ActionResult.ACCEPTED : ActionResult.NO_ACTIVE_ACTION;
        });
    }

    private Optional<Machine.Wait> active(String hook, InstanceId instance) {
        return hook.equals(this.hook) ? autoScaling.active(instance) : Optional.empty();
    }

    @Override
    public boolean isLaunchSuspended(FleetName group) {
        return wire.call("is launch suspended", () -> autoScaling.process().isSuspended());
    }

    @Override
    public void suspendLaunch(FleetName group) {
        wire.call("suspend", () -> {
            permitted(Bundles.Mistake.SUSPENSIONS_DENIED, "SuspendProcesses");
            autoScaling.process().suspend(LaunchProcess.By.GANTRY);
            return true;
        });
    }

    @Override
    public void resumeLaunch(FleetName group) {
        wire.call("resume", () -> {
            permitted(Bundles.Mistake.SUSPENSIONS_DENIED, "ResumeProcesses");
            breaker.resumes();
            autoScaling.process().resume(LaunchProcess.By.GANTRY);
            return true;
        });
    }

    private void permitted(Bundles.Mistake denied, String call) {
        if (bundles.is(denied)) {
            invariants.disturbed();
            throw new GantryException.Misconfigured(call + ": AccessDenied");
        }
    }
}
