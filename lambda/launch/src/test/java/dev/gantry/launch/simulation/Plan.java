package dev.gantry.launch.simulation;

import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.simulation.Faults.Fault;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What is simulated: the seed decides everything, except the faults that were left out to shrink it.
 *
 * @param spared faults that would strike, and do not
 * @param isSmall one instance, no replacements, no other hook
 * @param isPlain without the fallback that the seed's fleet may have, as before there was a fallback
 * @param ports what is put between Gantry and its ports: nothing, or a planted bug
 */
record Plan(
        long seed, Profile profile, Set<Fault> spared, boolean isSmall, boolean isPlain, UnaryOperator<Ports> ports) {

    static Plan of(long seed, Profile profile) {
        return new Plan(seed, profile, Set.of(), false, false, UnaryOperator.identity());
    }

    Plan sparing(Set<Fault> more) {
        Set<Fault> all = new TreeSet<>(spared);
        all.addAll(more);
        return new Plan(seed, profile, all, isSmall, isPlain, ports);
    }

    Plan small() {
        return new Plan(seed, profile, spared, true, isPlain, ports);
    }

    Plan plain() {
        return new Plan(seed, profile, spared, isSmall, true, ports);
    }

    Plan with(UnaryOperator<Ports> planted) {
        return new Plan(seed, profile, spared, isSmall, isPlain, planted);
    }

    Scenario scenario() {
        Scenario s = isPlain ? Scenario.of(seed).withoutFallback() : Scenario.of(seed);
        return isSmall
                ? new Scenario(
                        s.fleet(), 1, 0, s.hasWarmPool(), s.reuses(), false, false, s.standbyIsHooked(), s.faultsFor())
                : s;
    }
}
