package dev.gantry.operator;

import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Stay;
import java.util.Optional;

/** From evidence to an explanation. Pure. */
public final class Explainer {
    private Explainer() {}

    /** Explains one instance. */
    public static Explanation explain(Evidence seen) {
        Belief belief = Belief.of(seen);
        Explanation.Standing standing = Standings.of(seen, belief);
        return new Explanation(
                new Explanation.Subject(
                        seen.instance(), seen.gantry().fleet(), seen.member().map(Groups.Member::state), seen.now()),
                standing,
                deadline(seen, belief),
                Story.of(seen, belief),
                failure(belief),
                Exhibits.of(seen, belief),
                NextSteps.of(seen, belief),
                seen.unread());
    }

    private static Optional<Explanation.Deadline> deadline(Evidence seen, Belief belief) {
        return belief.stay()
                .filter(Stay::isOpen)
                .filter(stay -> belief.lifecycle().gate().isPresent())
                .flatMap(stay -> seen.view()
                        .map(Fleets.View::fleet)
                        .map(fleet -> new Explanation.Deadline(
                                stay.openedAt(),
                                stay.openedAt().plus(fleet.policy().launchDeadline()))));
    }

    /** An earlier failure of a launch that succeeded later is only in the story. */
    private static Optional<Failure> failure(Belief belief) {
        return belief.stay()
                .filter(stay -> stay.attempts().stream().noneMatch(Attempt::succeeded))
                .flatMap(stay -> stay.lastFailed().flatMap(Attempt::failure).or(() -> stay.closing()
                        .flatMap(Closing::failure)));
    }
}
