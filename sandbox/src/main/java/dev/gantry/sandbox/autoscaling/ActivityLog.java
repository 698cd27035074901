package dev.gantry.sandbox.autoscaling;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** The scaling activities of the account; kept for six weeks (API_DescribeScalingActivities). */
final class ActivityLog {
    private static final Duration KEPT = Duration.ofDays(42);

    private final Map<String, Activity> byId = new LinkedHashMap<>();
    private final Clockwork clock;
    private long sequence;

    ActivityLog(Clockwork clock) {
        this.clock = clock;
    }

    Activity begin(
            Group group,
            String description,
            String cause,
            Activity.Status status,
            String zone,
            Optional<String> subnet) {
        forgetOld();
        Activity begun = new Activity(
                UUID.randomUUID().toString(),
                sequence++,
                group.name(),
                group.arn(),
                description,
                shortened(cause),
                clock.now(),
                Optional.empty(),
                status,
                Optional.empty(),
                Optional.empty(),
                zone,
                subnet);
        byId.put(begun.id(), begun);
        return begun;
    }

    /** Changes an activity and gives what became of it; a discarded instance's journey has none. */
    Optional<Activity> change(String id, UnaryOperator<Activity> change) {
        return Optional.ofNullable(byId.computeIfPresent(id, (key, activity) -> change.apply(activity)));
    }

    List<Activity> all() {
        forgetOld();
        return List.copyOf(byId.values());
    }

    boolean inProgressFor(Group group) {
        return byId.values().stream()
                .anyMatch(a -> a.inProgress() && a.groupArn().equals(group.arn()));
    }

    Optional<Instant> lastEnd(Group group) {
        return byId.values().stream()
                .filter(a -> a.groupArn().equals(group.arn()))
                .flatMap(a -> a.end().stream())
                .max(Instant::compareTo);
    }

    private void forgetOld() {
        Instant oldest = clock.now().minus(KEPT);
        byId.values().removeIf(a -> !a.inProgress() && a.start().isBefore(oldest));
    }

    /** Cause has at most 1,023 characters (model: {@code XmlStringMaxLen1023}). */
    private static String shortened(String cause) {
        return cause.length() <= 1_023 ? cause : cause.substring(0, 1_023);
    }
}
