package dev.gantry.operator;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Stay;
import dev.gantry.operator.Explanation.Exhibit;
import dev.gantry.stored.ObjectKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the story can be checked: ledger, command, failure record, diagnostics, logs. */
final class Exhibits {
    private Exhibits() {}

    static List<Exhibit> of(Evidence seen, Belief belief) {
        List<Exhibit> exhibits = new ArrayList<>();
        seen.gantry().fleet().ifPresent(fleet -> {
            if (seen.stored().isPresent()) {
                exhibits.add(new Exhibit("ledger", seen.place().object(ObjectKeys.launch(fleet, seen.instance()))));
            }
        });
        belief.stay().ifPresent(stay -> ofStay(seen, stay, exhibits));
        exhibits.add(new Exhibit(
                "log query",
                "fields @timestamp, log_type, why | filter @message like \"" + seen.instance()
                        + "\" | sort @timestamp"));
        exhibits.add(new Exhibit(
                "log groups",
                "/aws/lambda/" + seen.place().prefix() + "-launch-queue, /aws/lambda/"
                        + seen.place().prefix() + "-sweep"));
        return exhibits;
    }

    private static void ofStay(Evidence seen, Stay stay, List<Exhibit> exhibits) {
        Optional<Attempt> last = stay.lastAttempt();
        last.flatMap(Attempt::commandId).ifPresent(id -> exhibits.add(new Exhibit("command", id)));
        last.ifPresent(attempt -> exhibits.add(new Exhibit(
                "run, bundle", attempt.runId() + ", " + attempt.bundle().sha256())));
        seen.gantry().fleet().ifPresent(fleet -> {
            stay.lastFailed()
                    .filter(attempt -> stay.closing().isPresent())
                    .ifPresent(attempt -> exhibits.add(new Exhibit(
                            "failure",
                            seen.place()
                                    .object(ObjectKeys.failure(
                                            fleet, attempt.bundle(), seen.instance(), stay.number())))));
            if (keepsDiagnostics(seen) && last.isPresent()) {
                exhibits.add(new Exhibit(
                        "diagnostics",
                        seen.place().object(ObjectKeys.diagnostics(fleet) + "/") + " (by instance ARN)"));
            }
        });
    }

    /** Only the hardened document leaves any. */
    private static boolean keepsDiagnostics(Evidence seen) {
        return seen.view()
                .map(Fleets.View::fleet)
                .filter(fleet -> Document.isHardened(fleet.document().name()))
                .isPresent();
    }
}
