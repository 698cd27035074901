package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.cli.screen.Answers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes Gantry look at an instance now. */
@Command(
        name = "look",
        description = "Makes Gantry look at an instance now and do what is due; running it twice is harmless.",
        footer = {"", "Example: gantry look i-0123456789abcdef0"})
public final class LookCommand extends AccountCommand {
    @Mixin
    private InstanceParameter instance;

    @Override
    int run(Account account) {
        OperatorFunction.Response answer = account.operator().look(instance.id());
        print(
                isJson()
                        ? Answers.form("gantry.look/1", answer.message(), answer.decision())
                        : instance.id() + ": " + Answers.line(answer.message(), answer.decision()));
        return DONE;
    }
}
