package dev.gantry.aws.scale;

import java.util.Map;
import java.util.TreeMap;

/**
 * The result of one burst.
 *
 * @param who {@code gantry} or {@code one function each}
 * @param inService how many came into service before the run was ended
 * @param seconds until the last of them was
 * @param bound the least that the quotas allow, in seconds
 * @param deepest the most messages, or invocations, that waited at a time
 * @param concurrency the most functions that ran at a time
 * @param invocations of functions
 * @param timeouts functions that ran into their timeout
 * @param megabytes the most memory that each process ever had; empty if there are no processes
 * @param journal log lines and pages by their type; the baseline has none
 */
public record Outcome(
        String who,
        int instances,
        int inService,
        double seconds,
        double bound,
        Map<String, Integer> accepted,
        Map<String, Integer> throttled,
        int deepest,
        int concurrency,
        int invocations,
        int timeouts,
        Map<String, Integer> megabytes,
        Map<String, Integer> journal,
        double realSeconds) {

    public double callsPerLaunch() {
        return (double) (Tally.total(accepted) + Tally.total(throttled)) / instances;
    }

    public Map<String, Object> json() {
        Map<String, Object> json = new TreeMap<>();
        json.put("who", who);
        json.put("instances", instances);
        json.put("in_service", inService);
        json.put("seconds", seconds);
        json.put("bound_seconds", bound);
        json.put("calls_per_launch", callsPerLaunch());
        json.put("accepted", accepted);
        json.put("throttled", throttled);
        json.put("deepest_queue", deepest);
        json.put("concurrency", concurrency);
        json.put("invocations", invocations);
        json.put("timeouts", timeouts);
        json.put("megabytes", megabytes);
        json.put("journal", journal);
        json.put("real_seconds", realSeconds);
        return json;
    }
}
