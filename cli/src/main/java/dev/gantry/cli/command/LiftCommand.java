package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.launch.id.BundleId;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Undoes what the breaker did. */
@Command(
        name = "lift",
        description = "Undoes what the breaker did: a suspension of launches, and a bundle's quarantine.",
        footer = {"", "Example: gantry lift web --bundle 3f5a90c2d1e4"})
public final class LiftCommand extends AccountCommand {
    @Mixin
    private FleetParameter fleet;

    @Option(
            names = "--bundle",
            paramLabel = "SHA256",
            description = "the bundle to take out of quarantine; its first digits suffice")
    private String bundle;

    @Mixin
    private AliasOption alias;

    @Override
    int run(Account account) {
        Optional<BundleId> lifted = Optional.ofNullable(bundle)
                .map(digits -> account.releases(fleet.name()).quarantined(digits));
        OperatorFunction.Response answer = alias.operator(account, fleet.name()).lift(fleet.name(), lifted);
        print("gantry.lift/1", answer);
        return DONE;
    }
}
