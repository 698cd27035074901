package dev.gantry.cli.account;

import java.net.URI;
import java.util.Optional;

/** The account, Region and deployment; empty values come from the environment, as for any SDK. */
public record Target(
        Optional<String> profile,
        Optional<String> region,
        Optional<URI> endpoint,
        Optional<String> bucket,
        String function) {
    /** The operator's function, as Terraform names it where nothing else is said. */
    public static final String FUNCTION = "gantry-operator";
}
