package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps an instance for a look. */
@Command(
        name = "hold",
        description =
                "Keeps a waiting instance at its gate for a look: it is neither let go nor abandoned, and no run begins.",
        footer = {
            "",
            "At most until AWS ends the wait itself: 48 hours, or 100 heartbeats. Recorded with your identity.",
            "Example: gantry hold i-0123456789abcdef0 --for 2h"
        })
public final class HoldCommand extends AccountCommand {
    @Mixin
    private InstanceParameter instance;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "1h",
            converter = TimeSpan.class,
            description = "how long, as 30m, 2h or 1d (default: 1h)")
    private Duration time;

    @Override
    int run(Account account) {
        OperatorFunction.Response answer = account.operator().hold(instance.id(), time);
        print("gantry.hold/1", answer);
        return DONE;
    }
}
