package dev.gantry.sandbox.autoscaling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a group has to do now to reach its desired capacity; computed from its state, without calls.
 *
 * @param replace unhealthy instances that leave without changing the desired capacity
 * @param scaleIn instances that leave because there are too many
 * @param blocked too many instances, and those that remain are protected from scale-in
 * @param warmStarts instances that come from the warm pool
 * @param launches instances to launch straight into the group
 * @param returns how many of {@code scaleIn} go back to the warm pool
 * @param drains instances that leave the warm pool for good
 * @param warmLaunches instances to launch into the warm pool
 */
record Plan(
        List<Member> replace,
        List<Member> scaleIn,
        boolean blocked,
        List<Member> warmStarts,
        int launches,
        int returns,
        List<Member> drains,
        int warmLaunches) {

    private static final Comparator<Member> OLDEST =
            Comparator.comparing(Member::launched).thenComparing(Member::id);

    static Plan of(Group group, Instant now) {
        boolean mayLaunch = group.runs(ScalingProcess.LAUNCH)
                && !now.isBefore(group.backoff().until());
        boolean mayTerminate = group.runs(ScalingProcess.TERMINATE);
        List<Member> replace =
                mayTerminate && group.runs(ScalingProcess.REPLACE_UNHEALTHY) ? unhealthy(group) : List.of();
        int desired = group.settings().desired();
        int remaining = group.serving() - replace.size();
        int excess = mayTerminate ? Math.max(0, remaining - desired) : 0;
        List<Member> scaleIn = victims(group, replace, excess);
        int missing = mayLaunch ? Math.max(0, desired - remaining) : 0;
        List<Member> warmStarts = pick(group, m -> m.restsInPool() && m.healthy(), missing);
        Pool pool = pool(group, warmStarts, scaleIn, mayLaunch, mayTerminate);
        return new Plan(
                replace,
                scaleIn,
                scaleIn.size() < excess,
                warmStarts,
                missing - warmStarts.size(),
                pool.returns(),
                pool.drains(),
                pool.launches());
    }

    private static List<Member> unhealthy(Group group) {
        return pick(group, m -> m.restsIn(LifecycleState.IN_SERVICE) && !m.healthy(), Integer.MAX_VALUE);
    }

    /**
     * The default termination policy as far as it applies to one launch template: the zone with the most instances
     * first, in it the oldest (AS/as-instance-termination). Instances that are still on their way in go last.
     */
    private static List<Member> victims(Group group, List<Member> leaving, int count) {
        List<Member> candidates = new ArrayList<>(
                pick(group, m -> m.serving() && !m.protectedFromScaleIn() && !leaving.contains(m), Integer.MAX_VALUE));
        List<Member> victims = new ArrayList<>();
        while (victims.size() < count && !candidates.isEmpty()) {
            Comparator<Member> settledFirst =
                    Comparator.comparing(m -> m.passage().isPresent());
            Comparator<Member> crowdedFirst = Comparator.comparing(m -> -inZone(candidates, m.zone()));
            Member next = candidates.stream()
                    .min(settledFirst.thenComparing(crowdedFirst).thenComparing(OLDEST))
                    .orElseThrow();
            candidates.remove(next);
            victims.add(next);
        }
        return List.copyOf(victims);
    }

    private static long inZone(List<Member> members, String zone) {
        return members.stream().filter(m -> m.zone().equals(zone)).count();
    }

    private record Pool(int returns, List<Member> drains, int launches) {}

    private static Pool pool(
            Group group, List<Member> taken, List<Member> scaleIn, boolean mayLaunch, boolean mayTerminate) {
        if (group.warmPool().isEmpty()) {
            return new Pool(0, List.of(), 0);
        }
        WarmPool pool = group.warmPool().get();
        int size = Math.max(
                0, pool.size(group.settings().desired(), group.settings().max()));
        List<Member> sick = mayTerminate
                ? pick(group, m -> m.restsInPool() && !m.healthy() && !taken.contains(m), Integer.MAX_VALUE)
                : List.of();
        int there = (int) group.members().stream().filter(Member::warming).count() - taken.size() - sick.size();
        int settled = (int) scaleIn.stream().filter(m -> m.passage().isEmpty()).count();
        int returns = pool.reuseOnScaleIn() ? Math.max(0, Math.min(settled, size - there)) : 0;
        int excess = mayTerminate ? Math.max(0, there - size) : 0;
        List<Member> drains = new ArrayList<>(sick);
        drains.addAll(pick(group, m -> m.restsInPool() && m.healthy() && !taken.contains(m), excess));
        int missing = mayLaunch ? Math.max(0, size - there - returns) : 0;
        return new Pool(returns, List.copyOf(drains), missing);
    }

    private static List<Member> pick(Group group, Predicate<Member> test, int limit) {
        return group.members().stream().filter(test).sorted(OLDEST).limit(limit).toList();
    }
}
