package dev.gantry.launch.simulation;

import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Records the instances that were paged as abandoned. Lines cannot fail; the process can end before or after a page. */
final class SimulatedJournal implements Journal {
    private final Wire wire;
    private final Trace trace;
    private final Set<String> abandoned = new TreeSet<>();
    private final Set<String> paged = new TreeSet<>();

    SimulatedJournal(Wire wire, Trace trace) {
        this.wire = wire;
        this.trace = trace;
    }

    @Override
    public void log(EventType type, Map<String, ?> fields) {
        trace.say(() -> type.word() + " " + fields);
    }

    @Override
    public void page(EventType type, String message, Map<String, ?> fields) {
        wire.locally("page", () -> {
            trace.say(() -> "page: " + message);
            if (type == EventType.DEFECT) {
                throw new Violation("nothingUnexpectedIsThrown", message + " " + fields.get("trace"));
            } else if (type == EventType.ABANDONED) {
                abandoned.add(fields.get("instance") + "-" + fields.get("stay"));
            }
            paged.add(type.word() + " " + (fields.containsKey("bundle") ? fields.get("bundle") : fields.get("fleet")));
        });
    }

    /** Whether this was ever paged about a bundle or a fleet. */
    boolean hasPaged(String type, String subject) {
        return paged.contains(type + " " + subject);
    }

    boolean hasToldOf(String instance, int stay) {
        return abandoned.contains(instance + "-" + stay);
    }
}
