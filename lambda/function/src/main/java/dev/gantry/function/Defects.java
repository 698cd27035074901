package dev.gantry.function;

import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reports unexpected errors: one page for each class of error and window, and a log line with the trace for each. */
final class Defects {
    private static final int FRAMES = 12;

    private final Journal journal;
    private final PageLimit limit;

    Defects(Journal journal, PageLimit limit) {
        this.journal = journal;
        this.limit = limit;
    }

    /** Reports an error that kept Gantry from handling these messages; they are received again. It never throws. */
    void tell(List<String> messages, RuntimeException error) {
        Map<String, Object> fields = Map.of(
                "messages",
                messages,
                "trace",
                Arrays.stream(error.getStackTrace())
                        .limit(FRAMES)
                        .map(StackTraceElement::toString)
                        .toList());
        try {
            if (limit.page("defect", String.valueOf(error.getClass()), 1).isPresent()) {
                String which = messages.size() == 1 ? "a message, which comes back" : "messages, which come back";
                journal.page(EventType.DEFECT, "a defect in Gantry keeps it from " + which + ": " + error, fields);
            } else {
                journal.log(EventType.DEFECT, fields);
            }
        } catch (RuntimeException alsoBroken) {
            // The batch must still be answered, and the defect will occur again.
        }
    }
}
