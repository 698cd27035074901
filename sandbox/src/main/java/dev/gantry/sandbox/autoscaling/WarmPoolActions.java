package dev.gantry.sandbox.autoscaling;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The actions on warm pools. */
final class WarmPoolActions {
    private static final int MAX_RECORDS = 50;

    private final Clockwork clock;
    private final Groups groups;
    private final CapacityLoop loop;

    WarmPoolActions(Clockwork clock, Groups groups, CapacityLoop loop) {
        this.clock = clock;
        this.groups = groups;
        this.loop = loop;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of("PutWarmPool", this::put, "DeleteWarmPool", this::delete, "DescribeWarmPool", this::describe);
    }

    private String put(Query query) {
        Group group = groups.usable(Names.group(query));
        if (group.warmPool().filter(WarmPool::deleting).isPresent()) {
            throw Faults.validation("The warm pool of " + group.name() + " is pending delete");
        }
        WarmPool old =
                group.warmPool().orElse(new WarmPool(0, Optional.empty(), WarmPool.PoolState.STOPPED, false, false));
        // -1 takes an earlier value away (API_PutWarmPool).
        Optional<Integer> prepared = query.integer("MaxGroupPreparedCapacity", -1, Integer.MAX_VALUE)
                .or(old::maxPrepared)
                .filter(value -> value >= 0);
        group.warmPool(Optional.of(new WarmPool(
                query.integer("MinSize", 0, Integer.MAX_VALUE).orElse(old.minSize()),
                prepared,
                query.text("PoolState").map(WarmPoolActions::state).orElse(old.state()),
                query.structure("InstanceReusePolicy")
                        .flatMap(policy -> policy.flag("ReuseOnScaleIn"))
                        .orElse(old.reuseOnScaleIn()),
                false)));
        loop.changed(group);
        return "";
    }

    private static WarmPool.PoolState state(String wire) {
        return WarmPool.PoolState.of(wire)
                .orElseThrow(() -> Faults.constraint(
                        "'" + wire + "'", "PoolState", "satisfy enum value set: [Stopped, Running, Hibernated]"));
    }

    private String delete(Query query) {
        Group group = groups.usable(Names.group(query));
        WarmPool pool = group.warmPool()
                .orElseThrow(() -> Faults.validation("No warm pool found for Auto Scaling group " + group.name()));
        group.warmPool(Optional.of(pool.beingDeleted()));
        if (query.flag("ForceDelete").orElse(false)) {
            group.warmed().forEach(m -> loop.conductor().force(group, m, Causes.poolShrunk(clock.now(), m.id())));
        }
        loop.changed(group);
        return "";
    }

    private String describe(Query query) {
        Group group = groups.named(Names.group(query));
        int size = Names.pageSize(query, MAX_RECORDS, MAX_RECORDS);
        List<Member> warmed = group.warmed();
        Page<Member> page = Page.of(warmed, Member::id, size, Names.nextToken(query));
        Xml xml = new Xml();
        group.warmPool().ifPresent(pool -> Rendering.warmPool(xml, pool));
        return xml.list("Instances", page.items(), Rendering::instance)
                .text("NextToken", page.next())
                .toString();
    }
}
