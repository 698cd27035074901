package dev.gantry.launch.simulation;

import dev.gantry.launch.fleet.BreakerLimits;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The fleet's settings over time: they are changed during launches. */
final class Settings {
    private final Timeline timeline;
    private final Trace trace;
    private final List<Past> past = new ArrayList<>();

    Settings(Timeline timeline, Trace trace, Fleet first) {
        this.timeline = timeline;
        this.trace = trace;
        past.add(new Past(Instant.MIN, first));
    }

    private record Past(Instant from, Fleet fleet) {}

    Fleet now() {
        return past.get(past.size() - 1).fleet();
    }

    boolean observes() {
        return now().policy().mode() == Policy.Mode.OBSERVE;
    }

    /** Changes one setting: the document's version, the deadline, the mode, attempts or limits. */
    void change(Dice dice) {
        Fleet f = now();
        Policy p = f.policy();
        Fleet changed =
                switch (dice.between(0, 4)) {
                    case 0 -> of(f, new Document(f.document().name(), nextVersion(f), Optional.empty()), p);
                    case 1 -> of(
                            f,
                            f.document(),
                            with(p, p.launchDeadline().plusMinutes(5), p.attempts(), p.mode(), p.breaker()));
                    case 2 -> of(f, f.document(), with(p, shorter(p), p.attempts(), p.mode(), p.breaker()));
                    case 3 -> of(
                            f, f.document(), with(p, p.launchDeadline(), p.attempts(), other(p.mode()), p.breaker()));
                    default -> of(f, f.document(), with(p, p.launchDeadline(), 1, p.mode(), new BreakerLimits(2, 3)));
                };
        past.add(new Past(timeline.instant(), changed));
        trace.say(() -> "somebody changes the settings: " + changed);
    }

    private static String nextVersion(Fleet fleet) {
        return String.valueOf(Integer.parseInt(fleet.document().version()) + 1);
    }

    /** As short as the runs' own time allows. */
    private static Duration shorter(Policy p) {
        Duration least = p.agentDeadline()
                .plus(p.deliveryTimeout().plus(p.runTimeout()).multipliedBy(p.attempts()))
                .plus(Policy.MAX_BACKOFF);
        return p.launchDeadline().compareTo(least) < 0 ? p.launchDeadline() : least;
    }

    private static Policy.Mode other(Policy.Mode mode) {
        return mode == Policy.Mode.OBSERVE ? Policy.Mode.ENFORCE : Policy.Mode.OBSERVE;
    }

    private static Fleet of(Fleet f, Document document, Policy policy) {
        return new Fleet(
                f.name(),
                f.hook(),
                document,
                f.playbook(),
                f.extraVariables(),
                f.installDependencies(),
                f.verbose(),
                policy);
    }

    private static Policy with(Policy p, Duration deadline, int attempts, Policy.Mode mode, BreakerLimits breaker) {
        return p.but()
                .launchDeadline(deadline)
                .attempts(attempts)
                .mode(mode)
                .breaker(breaker)
                .build();
    }

    /** The policies that were in force at some time from {@code from} to {@code to}. */
    private Stream<Policy> during(Instant from, Instant to) {
        List<Policy> found = new ArrayList<>();
        Instant next = Instant.MAX;
        for (int i = past.size() - 1; i >= 0; i--) {
            Past p = past.get(i);
            if (!p.from().isAfter(to) && !next.isBefore(from)) {
                found.add(p.fleet().policy());
            }
            next = p.from();
        }
        return found.stream();
    }

    boolean everWas(Instant from, Instant to, Predicate<Policy> condition) {
        return past.size() == 1
                ? condition.test(now().policy())
                : during(from, to).anyMatch(condition);
    }

    <T extends Comparable<T>> T least(Instant from, Instant to, Function<Policy, T> value) {
        return during(from, to).map(value).min(T::compareTo).orElseThrow();
    }

    <T extends Comparable<T>> T most(Instant from, Instant to, Function<Policy, T> value) {
        return during(from, to).map(value).max(T::compareTo).orElseThrow();
    }
}
