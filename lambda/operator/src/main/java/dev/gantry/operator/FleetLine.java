package dev.gantry.operator;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.operator.Explanation.Deadline;
import java.util.List;
import java.util.Optional;

/**
 * One fleet in a list.
 *
 * @param mode {@code enforce}, {@code observe}, or {@code broken} where the settings cannot be used
 * @param oldest the instance that has waited longest
 * @param launching whether the group's Launch process runs; empty where that could not be read
 * @param troubles what is wrong, or could not be read
 */
public record FleetLine(
        FleetName fleet,
        String mode,
        Bundles bundles,
        Counts counts,
        Optional<Deadline> oldest,
        Optional<Boolean> launching,
        List<String> troubles) {

    /**
     * What launches take.
     *
     * @param current twelve digits
     * @param quarantined how many bundles the breaker quarantined
     * @param breaker {@code closed}, {@code open} (a quarantined bundle is still current), or {@code suspended}
     */
    public record Bundles(Optional<String> current, Optional<String> lastGood, int quarantined, String breaker) {}

    /**
     * Its instances.
     *
     * @param abandonedToday since midnight UTC; empty where that could not be read
     */
    public record Counts(int waiting, int inService, Optional<Integer> abandonedToday) {}

    public int waiting() {
        return counts.waiting();
    }

    public int inService() {
        return counts.inService();
    }

    public Optional<String> current() {
        return bundles.current();
    }

    public Optional<String> lastGood() {
        return bundles.lastGood();
    }

    public int quarantined() {
        return bundles.quarantined();
    }

    public String breaker() {
        return bundles.breaker();
    }
}
