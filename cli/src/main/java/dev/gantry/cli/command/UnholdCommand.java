package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes a hold back. */
@Command(
        name = "unhold",
        description = "Takes a hold back: the instance is decided about as before, at once.",
        footer = {"", "Example: gantry unhold i-0123456789abcdef0"})
public final class UnholdCommand extends AccountCommand {
    @Mixin
    private InstanceParameter instance;

    @Override
    int run(Account account) {
        OperatorFunction.Response answer = account.operator().unhold(instance.id());
        print("gantry.unhold/1", answer);
        return DONE;
    }
}
