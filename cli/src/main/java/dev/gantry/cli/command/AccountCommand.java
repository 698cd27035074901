package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.cli.screen.Answers;
import dev.gantry.cli.terminal.Pager;
import dev.gantry.cli.terminal.Terminal;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that reads an account. */
abstract class AccountCommand implements Callable<Integer> {
    static final int DONE = 0;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() throws Exception {
        Patience patience = Patience.begin(spec.commandLine().getErr());
        if (isLong()) {
            patience.end();
        }
        try (Account account = new Account(common.target(), Clock.systemUTC())) {
            return run(account);
        } finally {
            patience.end();
        }
    }

    /** Whether it runs until Ctrl-C, so that no message says that it takes long. */
    boolean isLong() {
        return false;
    }

    /** The exit code. */
    abstract int run(Account account) throws Exception;

    final boolean isJson() {
        return common.isJson();
    }

    /** The options of account and deployment as they were said, for commands that are to be copied. */
    final String repeated() {
        return common.repeated();
    }

    final Terminal terminal() {
        return Terminal.of(System.getenv());
    }

    final CommandSpec spec() {
        return spec;
    }

    final void print(List<String> lines) {
        lines.forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
    }

    /** An answer that ends here: page by page where it is longer than the screen. */
    final void show(List<String> lines) {
        if (!Pager.shows(lines, terminal(), System.getenv())) {
            print(lines);
        }
    }

    final void print(String line) {
        print(List.of(line));
    }

    /** What the operator's function answered: as the form of this name, or in words. */
    final void print(String form, OperatorFunction.Response answer) {
        print(
                isJson()
                        ? Answers.form(form, answer.message(), answer.decision())
                        : Answers.line(answer.message(), answer.decision()));
    }

    /** Whether the reader of the output has gone, as {@code head} does. */
    final boolean isOutputClosed() {
        return spec.commandLine().getOut().checkError();
    }
}
