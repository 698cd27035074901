package dev.gantry.sandbox.autoscaling;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** EnableMetricsCollection and DisableMetricsCollection: which metrics a group is shown to send. None is sent. */
final class MetricsActions {
    private static final String GRANULARITY = "1Minute";

    /** What "no metrics named" means (API_EnableMetricsCollection). */
    private static final List<String> ALL = List.of(
            "GroupMinSize",
            "GroupMaxSize",
            "GroupDesiredCapacity",
            "GroupInServiceInstances",
            "GroupPendingInstances",
            "GroupStandbyInstances",
            "GroupTerminatingInstances",
            "GroupTotalInstances",
            "GroupInServiceCapacity",
            "GroupPendingCapacity",
            "GroupStandbyCapacity",
            "GroupTerminatingCapacity",
            "GroupTotalCapacity",
            "WarmPoolDesiredCapacity",
            "WarmPoolWarmedCapacity",
            "WarmPoolPendingCapacity",
            "WarmPoolTerminatingCapacity",
            "WarmPoolTotalCapacity",
            "GroupAndWarmPoolDesiredCapacity",
            "GroupAndWarmPoolTotalCapacity");

    private final Groups groups;

    MetricsActions(Groups groups) {
        this.groups = groups;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of("EnableMetricsCollection", this::enable, "DisableMetricsCollection", this::disable);
    }

    private String enable(Query query) {
        if (!query.required("Granularity", 1, 255).equals(GRANULARITY)) {
            throw Faults.validation("Valid metrics granularities are: [" + GRANULARITY + "]");
        }
        groups.usable(Names.group(query)).metrics().addAll(named(query));
        return "";
    }

    private String disable(Query query) {
        groups.usable(Names.group(query)).metrics().removeAll(named(query));
        return "";
    }

    private static List<String> named(Query query) {
        List<String> named = query.list("Metrics");
        named.stream().filter(metric -> !ALL.contains(metric)).findFirst().ifPresent(metric -> {
            throw Faults.validation("Invalid Metric: " + metric);
        });
        return named.isEmpty() ? ALL : named;
    }
}
