package dev.gantry.operator;

import dev.gantry.operator.Wired.Mapping;
import dev.gantry.operator.Wired.Rule;
import dev.gantry.operator.Wired.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares rules, mapping and schedule with what they must be. Pure. */
public final class WiringDoctor {
    private static final String APPLY = "terraform apply";

    private final Wired wired;
    private final List<Finding> findings = new ArrayList<>();

    private WiringDoctor(Wired wired) {
        this.wired = wired;
    }

    /** The findings about what leads to the functions. */
    public static List<Finding> check(Wired wired) {
        WiringDoctor doctor = new WiringDoctor(wired);
        wired.rules()
                .forEach((name, rule) ->
                        Doctor.read(doctor.findings, "rule " + name, rule, found -> doctor.rule(name, found)));
        Doctor.read(doctor.findings, "event source mapping", wired.mappings(), doctor::mappings);
        Doctor.read(doctor.findings, "schedule of the sweep", wired.schedule(), doctor::schedule);
        return List.copyOf(doctor.findings);
    }

    private void rule(String name, Optional<Rule> found) {
        String where = "rule " + name;
        if (found.isEmpty()) {
            wrong(where, "there is none of this name: what it would tell is found by the sweep, a minute late", APPLY);
        } else if (!found.get().isEnabled()) {
            wrong(
                    where,
                    "it is disabled: what it would tell is found by the sweep, a minute late",
                    "aws events enable-rule --name " + name);
        } else if (wired.queueArn()
                .filter(arn -> !found.get().targets().contains(arn))
                .isPresent()) {
            wrong(
                    where,
                    "none of its targets is the launch queue: " + found.get().targets(),
                    APPLY);
        } else {
            well(where, "enabled, and leads to the launch queue");
        }
    }

    private void mappings(List<Mapping> mappings) {
        String where = "event source mapping";
        if (mappings.isEmpty()) {
            wrong(where, "nothing works off the launch queue", APPLY);
        }
        mappings.forEach(mapping -> {
            if (mapping.state().equals("Disabled") || mapping.state().equals("Disabling")) {
                wrong(
                        where,
                        "it is " + mapping.state() + ": nothing works off the launch queue. Lambda does so itself where"
                                + " the function's role lost a permission on the queue",
                        "aws lambda update-event-source-mapping --enabled --uuid " + mapping.id());
            } else if (!mapping.reportsItems()) {
                wrong(where, "one message that fails brings its whole batch back (ReportBatchItemFailures)", APPLY);
            } else {
                well(where, mapping.state() + ", to " + mapping.function());
            }
        });
    }

    private void schedule(Optional<Schedule> found) {
        String name = wired.place().prefix() + "-sweep";
        String where = "schedule " + name;
        if (found.isEmpty()) {
            wrong(where, "there is none of this name: a launch whose event was lost waits for ever", APPLY);
        } else if (!found.get().isEnabled()) {
            wrong(
                    where,
                    "it is disabled: a launch whose event was lost waits for ever",
                    "terraform apply, or enable it in the console of EventBridge Scheduler");
        } else if (!found.get().target().contains(":function:" + name)) {
            wrong(
                    where,
                    "its target is not the sweep's function: " + found.get().target(),
                    APPLY);
        } else {
            well(where, "enabled");
        }
    }

    private void wrong(String where, String what, String mend) {
        findings.add(Finding.wrong(where, what, mend));
    }

    private void well(String where, String what) {
        findings.add(Finding.well(where, what));
    }
}
