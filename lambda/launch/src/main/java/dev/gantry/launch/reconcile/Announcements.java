package dev.gantry.launch.reconcile;

import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Logs and pages how stays end. */
final class Announcements {
    private final Journal journal;
    private final InstantSource clock;

    Announcements(Journal journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    void proceeds(FleetFacts facts, ObservedInstance c) {
        journal.log(EventType.PROCEEDED, fields(facts, c));
    }

    void abandoned(FleetFacts facts, ObservedInstance c) {
        Closing closing = c.stay().closing().orElseThrow();
        Map<String, Object> fields = fields(facts, c);
        fields.put("cause", closing.abandonedFor().name());
        closing.failure().ifPresent(failure -> explain(fields, failure));
        c.stay().lastFailed().ifPresent(a -> {
            fields.put("failed_run", a.runId().value());
            fields.put("failed_command", a.commandId().orElse(""));
        });
        journal.page(
                EventType.ABANDONED,
                "instance " + c.instance() + " of " + facts.name() + " is abandoned: " + closing.why(),
                fields);
    }

    private Map<String, Object> fields(FleetFacts facts, ObservedInstance c) {
        Closing closing = c.stay().closing().orElseThrow();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fleet", facts.name().value());
        fields.put("instance", c.instance().value());
        fields.put("stay", c.stay().number());
        fields.put("gate", c.stay().gate().name());
        fields.put("kind", closing.kind().name());
        fields.put("why", closing.why());
        fields.put(
                "seconds",
                Duration.between(c.stay().openedAt(), clock.instant()).toSeconds());
        c.stay().lastAttempt().ifPresent(a -> {
            fields.put("run", a.runId().value());
            fields.put("bundle", a.bundle().sha256());
            fields.put("channel", a.channel().name());
            a.detour().ifPresent(detour -> fields.put("fallback", detour.why()));
            fields.put("command", a.commandId().orElse(""));
        });
        return fields;
    }

    private static void explain(Map<String, Object> fields, Failure failure) {
        fields.put("step", failure.step());
        fields.put("task", failure.task().orElse(""));
        fields.put("message", failure.message());
        fields.put("exit_code", failure.exitCode());
        fields.put("tail", failure.tail());
    }
}
