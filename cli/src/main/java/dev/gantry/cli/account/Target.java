package dev.gantry.cli.account;

import java.net.URI;
import java.util.Optional;

/** Which account, Region and deployment are meant; what is empty comes from the environment, as for any SDK. */
public record Target(
        Optional<String> profile,
        Optional<String> region,
        Optional<URI> endpoint,
        Optional<String> bucket,
        String function) {
    /** The operator's function, as Terraform names it where nothing else is said. */
    public static final String FUNCTION = "gantry-operator";
}
