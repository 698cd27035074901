package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.screen.ExplanationScreen;
import dev.gantry.cli.screen.Forms;
import dev.gantry.operator.Explainer;
import dev.gantry.operator.Explanation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One instance's story, and what to do. */
@Command(
        name = "explain",
        description = "Tells on one screen why an instance waits, went into service or was abandoned, and what to do.",
        footer = {
            "",
            "Changes nothing. Exit code 3 where one of its calls failed; the screen says which.",
            "Example: gantry explain i-0123456789abcdef0"
        })
public final class ExplainCommand extends AccountCommand {
    @Mixin
    private InstanceParameter instance;

    @Override
    int run(Account account) {
        Explanation told = Explainer.explain(account.evidence().of(instance.id()));
        if (isJson()) {
            print(Forms.explanation(told));
        } else {
            show(ExplanationScreen.lines(told, terminal()));
        }
        return told.unread().isEmpty() ? DONE : Problem.AWS;
    }
}
