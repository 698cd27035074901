package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import picocli.CommandLine.Command;

/** Moves the dead letters back. */
@Command(
        name = "redrive",
        description = "Moves the messages of the dead-letter queue back to the launch queue, after a repair.",
        footer = {
            "",
            "No instance depends on it: the sweep looks at every waiting one. Recorded with your identity.",
            "Example: gantry redrive"
        })
public final class RedriveCommand extends AccountCommand {
    @Override
    int run(Account account) {
        OperatorFunction.Response answer = account.operator().redrive();
        print("gantry.redrive/1", answer);
        return DONE;
    }
}
