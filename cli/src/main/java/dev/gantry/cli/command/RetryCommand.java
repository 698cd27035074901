package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.launch.id.InstanceId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
    @Parameters(paramLabel = "INSTANCE", description = "its id, as i-0123456789abcdef0")
    private InstanceId instance;

    @Override
    int run(Account account) {
        OperatorFunction.Answer answer = account.operator().retry(instance);
        print("gantry.retry/1", answer);
        return DONE;
    }
}
