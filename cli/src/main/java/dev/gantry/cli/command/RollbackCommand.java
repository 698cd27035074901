package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.cli.account.ReleaseReader;
import dev.gantry.launch.id.BundleId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Back to an earlier bundle. */
@Command(
        name = "rollback",
        description = "Makes an earlier bundle current; new launches take it, instances in service keep theirs.",
        footer = {"", "Example: gantry rollback web --to 3f5a90c2d1e4"})
public final class RollbackCommand extends AccountCommand {
    @Mixin
    private FleetParameter fleet;

    @Option(
            names = "--to",
            paramLabel = "SHA256",
            description = "a published bundle, its first digits suffice (default: the one that succeeded last)")
    private String to;

    @Mixin
    private AliasOption alias;

    @Override
    int run(Account account) {
        ReleaseReader releases = account.releases(fleet.name());
        BundleId bundle = to == null ? releases.lastGood() : releases.published(to);
        OperatorFunction.Response answer = alias.operator(account, fleet.name()).propose(fleet.name(), bundle);
        print("gantry.rollback/1", answer);
        return DONE;
    }
}
