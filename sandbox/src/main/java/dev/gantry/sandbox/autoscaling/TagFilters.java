package dev.gantry.sandbox.autoscaling;

import dev.gantry.sandbox.wire.AwsError;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The filters of DescribeAutoScalingGroups and DescribeTags (API_Filter): values are alternatives, filters all have to
 * match.
 */
final class TagFilters {
    private TagFilters() {}

    static Predicate<Group> ofGroups(List<Query> filters) {
        return filters.stream().map(TagFilters::ofGroup).reduce(group -> true, Predicate::and);
    }

    private static Predicate<Group> ofGroup(Query filter) {
        String name = filter.text("Name").orElse("");
        List<String> values = filter.list("Values");
        if (name.equals("tag-key")) {
            return group -> group.tags().keySet().stream().anyMatch(values::contains);
        }
        if (name.equals("tag-value")) {
            return group -> group.tags().values().stream().anyMatch(tag -> values.contains(tag.value()));
        }
        if (name.startsWith("tag:")) {
            String key = name.substring("tag:".length());
            return group -> group.tags().containsKey(key)
                    && values.contains(group.tags().get(key).value());
        }
        throw unknown(name);
    }

    static BiPredicate<Group, Tag> ofTags(List<Query> filters) {
        return (group, tag) -> filters.stream().allMatch(filter -> matches(filter, group, tag));
    }

    private static boolean matches(Query filter, Group group, Tag tag) {
        String name = filter.text("Name").orElse("");
        String value =
                switch (name) {
                    case "auto-scaling-group" -> group.name();
                    case "key" -> tag.key();
                    case "value" -> tag.value();
                    case "propagate-at-launch" -> Boolean.toString(tag.propagateAtLaunch());
                    default -> throw unknown(name);
                };
        return filter.list("Values").contains(value);
    }

    private static AwsError unknown(String name) {
        return Faults.validation("Filter type " + name + " is not correct");
    }
}
