package dev.gantry.operator;

import dev.gantry.launch.port.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How events, messages and the schedule come to the functions; each part was read by a call of its own.
 *
 * @param queueArn the launch queue's; empty where it is not known
 * @param rules by the name that they must have; empty where there is none of that name
 * @param mappings of the launch queue to functions
 * @param schedule of the sweep
 */
public record Wired(
        Place place,
        Optional<String> queueArn,
        Map<String, Result<Optional<Rule>>> rules,
        Result<List<Mapping>> mappings,
        Result<Optional<Schedule>> schedule) {

    /** An EventBridge rule, with the ARNs of its targets. */
    public record Rule(String name, boolean isEnabled, List<String> targets) {}

    /**
     * An event source mapping.
     *
     * @param state as Lambda says it: Enabled, Disabled, or on its way
     * @param reportsItems whether a batch may fail in part
     */
    public record Mapping(String id, String function, String state, boolean reportsItems) {}

    /** A schedule of EventBridge Scheduler, with the ARN of its target. */
    public record Schedule(String name, boolean isEnabled, String target) {}
}
