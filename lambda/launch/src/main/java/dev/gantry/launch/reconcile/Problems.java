package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Records on the stays what prevents their runs, and pages each new configuration error once. */
final class Problems {
    private final Journal journal;
    private final InstantSource clock;

    Problems(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /** With the problem of its decision noted on the stay, so that an abandonment at the deadline can name it. */
    ObservedInstance noted(ObservedInstance c, Decision decision) {
        if (c.seen().stay().isEmpty() || !c.stay().isOpen() || !(decision instanceof Wait wait)) {
            return c;
        }
        Instant now = clock.instant();
        Optional<Trouble> misconfigured = c.seen().trouble().filter(t -> t.kind() == Trouble.Kind.MISCONFIGURED);
        if (misconfigured.isPresent() && wait.reason() != Reason.MISCONFIGURED) {
            return c.with(c.stay().withTrouble(misconfigured.get().at(now)));
        }
        return switch (wait.reason()) {
            case MISCONFIGURED -> c.with(c.stay().withTrouble(trouble(c, Trouble.Kind.MISCONFIGURED, wait, now)));
            case RETRYABLE -> c.with(c.stay().withTrouble(trouble(c, Trouble.Kind.RETRYABLE, wait, now)));
            case AGENT, RUN, BACKOFF -> c.with(c.stay().withTroubleOver());
            case HOOK, STATE, CLAIM, INTERRUPTION -> c;
        };
    }

    /** The trouble that led to the decision, if there was one; otherwise the decision's own text. */
    private static Trouble trouble(ObservedInstance c, Trouble.Kind kind, Wait wait, Instant now) {
        return c.seen()
                .trouble()
                .filter(t -> t.kind() == kind && t.message().equals(wait.why()))
                .map(t -> t.at(now))
                .orElseGet(() -> new Trouble(kind, wait.why(), now));
    }

    /** One page for each new configuration error, however many instances wait because of it. */
    void page(FleetFacts facts, List<ObservedInstance> instances) {
        Map<String, List<String>> news = new TreeMap<>();
        Map<String, String> messages = new TreeMap<>();
        for (ObservedInstance c : instances) {
            newlyMisconfigured(c).ifPresent(trouble -> {
                messages.putIfAbsent(trouble.key(), trouble.message());
                news.computeIfAbsent(trouble.key(), key -> new ArrayList<>())
                        .add(c.instance().value());
            });
        }
        news.forEach((key, ids) -> journal.pageOnce(
                EventType.MISCONFIGURED,
                facts.name() + " " + key,
                ids.size() + " instance(s) of " + facts.name() + " wait for somebody to repair this: "
                        + messages.get(key),
                Map.of("fleet", facts.name().value(), "instances", ids, "error", messages.get(key))));
    }

    private static Optional<Trouble> newlyMisconfigured(ObservedInstance c) {
        Optional<Trouble> trouble = c.seen().stay().flatMap(Stay::trouble);
        return trouble.filter(t -> t.kind() == Trouble.Kind.MISCONFIGURED)
                .filter(t -> !c.loaded().stay().flatMap(Stay::trouble).equals(trouble));
    }

    /** Logs the calls that failed, and pages the configuration errors that no stay can remember. */
    void tell(FleetFacts facts, Outcomes outcomes) {
        outcomes.failures()
                .forEach(failed -> journal.log(
                        EventType.LOOK_FAILED,
                        LogFields.ofError(
                                facts.name(),
                                Map.of("instance", failed.instance().value()),
                                failed.error())));
        Map<InstanceId, GantryException> unnoted = outcomes.unnoted();
        if (unnoted.isEmpty()) {
            return;
        }
        Map<String, String> errors = new TreeMap<>();
        unnoted.forEach((instance, error) -> errors.put(instance.value(), String.valueOf(error.getMessage())));
        journal.pageOnce(
                EventType.MISCONFIGURED,
                facts.name() + " " + unnoted.values().iterator().next().key(),
                errors.size() + " instance(s) of " + facts.name()
                        + " cannot be looked after, so that their heartbeats run out until somebody repairs this: "
                        + errors.values().iterator().next(),
                Map.of("fleet", facts.name().value(), "errors", errors));
    }
}
