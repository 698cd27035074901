package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has an instance run once more. */
@Command(
        name = "retry",
        description = "Has a waiting instance run its fleet's bundle once more, however many runs have failed.",
        footer = {
            "",
            "A hold goes on after that run. Recorded with your identity.",
            "Example: gantry retry i-0123456789abcdef0"
        })
public final class RetryCommand extends AccountCommand {
    @Mixin
    private InstanceParameter instance;

    @Override
    int run(Account account) {
        OperatorFunction.Response answer = account.operator().retry(instance.id());
        print("gantry.retry/1", answer);
        return DONE;
    }
}
