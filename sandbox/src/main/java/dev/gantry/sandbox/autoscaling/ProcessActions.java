package dev.gantry.sandbox.autoscaling;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** SuspendProcesses and ResumeProcesses. */
final class ProcessActions {
    private final Clockwork clock;
    private final Groups groups;
    private final CapacityLoop loop;

    ProcessActions(Clockwork clock, Groups groups, CapacityLoop loop) {
        this.clock = clock;
        this.groups = groups;
        this.loop = loop;
    }

    Map<String, Function<Query, String>> actions() {
        return Map.of("SuspendProcesses", this::suspend, "ResumeProcesses", this::resume);
    }

    private String suspend(Query query) {
        Group group = groups.usable(Names.group(query));
        group.suspend(processes(query), "User suspended at " + Xml.time(clock.now()));
        return "";
    }

    private String resume(Query query) {
        Group group = groups.usable(Names.group(query));
        Set<ScalingProcess> processes = processes(query);
        group.suspended().keySet().removeAll(processes);
        if (processes.contains(ScalingProcess.LAUNCH)) {
            group.backoff(Backoff.NONE);
        }
        loop.changed(group);
        return "";
    }

    /** None given means all of them. */
    private static Set<ScalingProcess> processes(Query query) {
        List<String> names = query.list("ScalingProcesses");
        Set<ScalingProcess> processes = EnumSet.noneOf(ScalingProcess.class);
        for (String name : names) {
            processes.add(ScalingProcess.of(name)
                    .orElseThrow(() -> Faults.validation("Invalid scaling process: '" + name + "'")));
        }
        return names.isEmpty() ? EnumSet.allOf(ScalingProcess.class) : processes;
    }
}
