package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.OperatorFunction;
import dev.gantry.launch.fleet.FleetName;
import picocli.CommandLine.Option;

/** Which function is invoked for a fleet. */
final class AliasOption {
    @Option(
            names = "--own-alias",
            description = "invoke the fleet's own alias of the function, for those who may act for this fleet alone")
    private boolean own;

    OperatorFunction operator(Account account, FleetName fleet) {
        return own ? account.operator(fleet) : account.operator();
    }
}
