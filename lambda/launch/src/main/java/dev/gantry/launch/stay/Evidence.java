package dev.gantry.launch.stay;

import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * One fact about an open stay. Learning it is pure: {@link Stay#learn}. Evidence that no longer fits the stay, for example about
 * a run that has ended, changes nothing.
 */
public sealed interface Evidence {

    /** EC2 announced that it takes this Spot instance back. */
    record Interrupted(Instant at) implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            return open.interrupted(at);
        }
    }

    /** The open stay after it has learned this. */
    Stay learnedBy(Stay open);

    /**
     * A command was looked up by its run id.
     *
     * @param command empty if none was found
     * @param claimedBy the search counts for claims of this time or earlier
     * @param at the time of the look-up
     */
    record CommandSearched(RunId run, Optional<String> command, Instant claimedBy, Instant at) implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            return open.changing(
                    run,
                    a -> a.commandId().isPresent() || a.claimedAt().isAfter(claimedBy)
                            ? a
                            : command.map(a::sent).orElseGet(() -> a.notFound(at)));
        }
    }

    /** An event named the command of a run. */
    record CommandNamed(RunId run, String command) implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            return open.changing(run, a -> a.commandId().isPresent() ? a : a.sent(command));
        }
    }

    /** A command that was sent by hand, and that counts, has succeeded. */
    record SucceededByHand(String command, BundleId bundle, Instant requestedAt, Instant at) implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            int number = open.lastAttempt().map(Attempt::number).orElse(0) + 1;
            RunId run = new RunId("run-" + command.replaceAll("[^a-z0-9]", ""));
            return open.with(Attempt.claimed(number, run, "by-hand", bundle, requestedAt)
                    .sent(command)
                    .ended(at, new Verdict.Succeeded()));
        }
    }

    /**
     * A command has ended. For a run that went on over the bastion only the command's success counts: any other end may mean
     * that the command found the run going on.
     */
    record CommandEnded(String command, Verdict verdict, Instant at) implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            return open.lastAttempt()
                    .filter(a -> a.isUnderWay() && a.commandId().equals(Optional.of(command)))
                    .filter(a -> !a.isOverTheBastion() || verdict instanceof Verdict.Succeeded)
                    .map(a -> open.with(a.ended(at, open.of(verdict, at))))
                    .orElse(open);
        }
    }

    /** A run over the bastion has ended. */
    record EndedOverTheBastion(RunId run, Verdict verdict, Instant at) implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            return open.changing(run, a -> a.ended(at, open.of(verdict, at)));
        }
    }

    /** Systems Manager answered a question about the stay. */
    record Answered() implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            return open.answered();
        }
    }

    /** Systems Manager did not answer a question about the stay. */
    record NotAnswered(Instant at) implements Evidence {
        @Override
        public Stay learnedBy(Stay open) {
            return open.unanswered(at);
        }
    }
}
