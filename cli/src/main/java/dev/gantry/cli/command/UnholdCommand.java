package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.launch.id.InstanceId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a hold back. */
@Command(
        name = "unhold",
        description = "Takes a hold back: the instance is decided about as before, at once.",
        footer = {"", "Example: gantry unhold i-0123456789abcdef0"})
public final class UnholdCommand extends AccountCommand {
    @Parameters(paramLabel = "INSTANCE", description = "its id, as i-0123456789abcdef0")
    private InstanceId instance;

    @Override
    int run(Account account) {
        OperatorFunction.Answer answer = account.operator().unhold(instance);
        print("gantry.unhold/1", answer);
        return DONE;
    }
}
