package dev.gantry.sandbox.autoscaling;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** DescribeScalingActivities: those in progress first, then by start time, newest first. */
final class ActivityActions {
    private static final int MAX_RECORDS = 100;
    private static final int MAX_IDS = 50;

    private final Groups groups;
    private final ActivityLog log;

    ActivityActions(Groups groups, ActivityLog log) {
        this.groups = groups;
        this.log = log;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of("DescribeScalingActivities", this::describe);
    }

    private String describe(Query query) {
        Optional<String> name = query.text("AutoScalingGroupName", 1, 255);
        boolean deletedToo = query.flag("IncludeDeletedGroups").orElse(false);
        if (!deletedToo) {
            name.ifPresent(groups::named);
        }
        List<String> ids = query.list("ActivityIds");
        if (ids.size() > MAX_IDS) {
            throw Faults.validation("The number of activity ids that may be passed in is limited to " + MAX_IDS);
        }
        Predicate<Activity> filters = filters(query, name);
        List<Activity> found = log.all().stream()
                .filter(a -> name.map(n -> n.equals(a.groupName())).orElse(true))
                .filter(a -> ids.isEmpty() || ids.contains(a.id()))
                .filter(a -> deletedToo || !deleted(a))
                .filter(filters)
                .toList();
        int size = Names.pageSize(query, MAX_RECORDS, MAX_RECORDS);
        Page<Activity> page = Page.of(found, ActivityActions::order, size, Names.nextToken(query));
        return new Xml()
                .list("Activities", page.items(), (x, a) -> Rendering.activity(x, a, deleted(a)))
                .text("NextToken", page.next())
                .toString();
    }

    private boolean deleted(Activity activity) {
        return groups.find(activity.groupName())
                .filter(g -> g.arn().equals(activity.groupArn()))
                .isEmpty();
    }

    private static String order(Activity activity) {
        return (activity.inProgress() ? "0" : "1") + String.format("%019d", Long.MAX_VALUE - activity.sequence());
    }

    private static Predicate<Activity> filters(Query query, Optional<String> group) {
        Predicate<Activity> all = activity -> true;
        for (Query filter : query.structures("Filters")) {
            all = all.and(filter(filter, group));
        }
        return all;
    }

    private static Predicate<Activity> filter(Query filter, Optional<String> group) {
        List<String> values = filter.list("Values");
        String name = filter.text("Name").orElse("");
        return switch (name) {
            case "StartTimeLowerBound" -> {
                Instant bound = time(values);
                yield a -> !a.start().isBefore(bound);
            }
            case "StartTimeUpperBound" -> {
                Instant bound = time(values);
                yield a -> !a.start().isAfter(bound);
            }
            case "Status" -> {
                if (group.isEmpty()) {
                    throw Faults.validation("The filter Status can only be used together with AutoScalingGroupName");
                }
                yield a -> values.contains(a.status().wire());
            }
            default -> throw Faults.validation("Filter type " + name + " is not correct");
        };
    }

    /** ISO 8601; without an offset UTC is meant (API_Filter). */
    private static Instant time(List<String> values) {
        String value = values.size() == 1 ? values.get(0) : "";
        try {
            return DateTimeFormatter.ISO_DATE_TIME.parseBest(value, OffsetDateTime::from, LocalDateTime::from)
                            instanceof OffsetDateTime offset
                    ? offset.toInstant()
                    : LocalDateTime.parse(value).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw Faults.validation("A start time filter needs one ISO 8601 timestamp, not " + values);
        }
    }
}
