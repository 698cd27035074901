package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Undoes what the breaker did. */
@Command(
        name = "lift",
        description = "Undoes what the breaker did: a suspension of launches, and a bundle's quarantine.",
        footer = {"", "Example: gantry lift web --bundle 3f5a90c2d1e4"})
public final class LiftCommand extends AccountCommand {
    @Parameters(paramLabel = "FLEET", description = "its group's name")
    private FleetName fleet;

    @Option(
            names = "--bundle",
            paramLabel = "SHA256",
            description = "the bundle to take out of quarantine; its first digits suffice")
    private String bundle;

    @Override
    int run(Account account) {
        Optional<BundleId> lifted = Optional.ofNullable(bundle)
                .map(digits -> account.releases(fleet).quarantined(digits));
        OperatorFunction.Answer answer = account.operator().lift(fleet, lifted);
        print("gantry.lift/1", answer);
        return DONE;
    }
}
