package dev.gantry.launch.simulation;

import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import java.util.stream.Collectors;

/** Short texts of records, for traces. */
final class Words {
    private Words() {}

    static String of(Stay stay) {
        String attempts = stay.attempts().stream().map(Words::of).collect(Collectors.joining(", "));
        return "stay " + stay.number() + " at " + stay.gate()
                + stay.token().map(t -> " " + t).orElse("") + " ["
                + attempts + "]"
                + stay.trouble().map(t -> " trouble: " + t.message()).orElse("")
                + stay.closing().map(Words::of).orElse("");
    }

    private static String of(Attempt attempt) {
        return attempt.number() + " " + attempt.runId() + " by " + attempt.owner() + " of " + attempt.bundle()
                + attempt.commandId().map(id -> " sent").orElse(" claimed")
                + attempt.detour().map(d -> " over the bastion").orElse("")
                + attempt.end()
                        .map(end -> " " + end.verdict().getClass().getSimpleName())
                        .orElse("");
    }

    private static String of(Closing closing) {
        return " " + closing.kind() + (closing.doneAt().isPresent() ? " done: " : " intended: ") + closing.why();
    }
}
