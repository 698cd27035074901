package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.events.EventBus;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.QueryService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * EC2 Auto Scaling on loopback: groups, lifecycle hooks that really hold, warm pools, scaling activities and the events
 * about them. It keeps one region of one account in memory, behind one lock; a call answers as soon as what it asks for
 * is noted, and instances then move by {@link Timers}. Limits, page sizes and error codes are those of the public
 * service model ({@code autoscaling/2011-01-01}); if AWS publishes nothing, the class that had to choose a value says so.
 *
 * <p>Not there: scaling policies, schedules, instance refresh, load balancers and mixed instances. Their actions answer
 * {@code InvalidAction}, and their settings are refused by name with {@code ValidationError}; target groups are only shown again.
 */
public final class AutoScaling implements QueryService {
    /** The empty output shapes of the service model, of those actions that are here. */
    private static final Set<String> EMPTY_RESULTS = Set.of(
            "PutLifecycleHook",
            "DeleteLifecycleHook",
            "CompleteLifecycleAction",
            "RecordLifecycleActionHeartbeat",
            "PutWarmPool",
            "DeleteWarmPool");

    private final Clockwork clock;
    private final Map<String, Function<Query, String>> actions = new HashMap<>();

    /**
     * @param region for example {@code eu-central-1}
     * @param account twelve digits
     * @param ec2 launches, stops, starts and terminates; its calls return at once
     * @param bus gets the events, in their order; it must not wait for callers of this service
     * @param timers tells the time and wakes the service
     * @param outside what it calls besides EC2
     */
    public AutoScaling(String region, String account, Ec2 ec2, EventBus bus, Timers timers, Outside outside) {
        clock = new Clockwork(timers, outside.look());
        Groups groups = new Groups();
        ActivityLog log = new ActivityLog(clock);
        Notices notices = new Notices(region, account, bus, outside.queues());
        CapacityLoop loop = new CapacityLoop(clock, groups, log, ec2, notices);
        HookActions hooks = new HookActions(clock, groups, loop.conductor(), notices);
        LaunchConfigurations configurations = new LaunchConfigurations(region, account, clock);
        GroupForm form = new GroupForm(region, configurations, outside.templates());
        List.of(
                        new GroupActions(region, account, clock, groups, log, loop, hooks, form).actions(),
                        configurations.actions(groups),
                        hooks.actions(),
                        new InstanceActions(clock, groups, log, loop).actions(),
                        new WarmPoolActions(clock, groups, loop).actions(),
                        new ProcessActions(clock, groups, loop).actions(),
                        new MetricsActions(groups).actions(),
                        new ActivityActions(groups, log).actions(),
                        new TagActions(groups).actions())
                .forEach(actions::putAll);
    }

    /**
     * What Auto Scaling calls besides EC2's instances.
     *
     * @param queues delivers to the queues that hooks name as their notification target
     * @param templates where launch templates are
     * @param look how soon it sees that its callers or EC2 changed something; AWS publishes no number
     */
    public record Outside(QueueSender queues, LaunchTemplates templates, Duration look) {}

    /** One of an account without launch templates, that looks every second. */
    public AutoScaling(String region, String account, Ec2 ec2, EventBus bus, Timers timers, QueueSender queues) {
        this(region, account, ec2, bus, timers, new Outside(queues, LaunchTemplates.NONE, Duration.ofSeconds(1)));
    }

    @Override
    public String namespace() {
        return "http://autoscaling.amazonaws.com/doc/2011-01-01/";
    }

    @Override
    public Set<String> emptyResults() {
        return EMPTY_RESULTS;
    }

    @Override
    public String call(String action, Map<String, String> parameters) {
        Function<Query, String> handler =
                Optional.ofNullable(actions.get(action)).orElseThrow(() -> Faults.unknownAction(action));
        return clock.alone(() -> handler.apply(new Query(parameters)));
    }
}
