package dev.gantry.cli.command;

import dev.gantry.cli.account.Target;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {
    @Option(names = "--profile", paramLabel = "NAME", description = "the profile of ~/.aws (default: $AWS_PROFILE)")
    private String profile;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "the Region (default: $AWS_REGION, or the profile's)")
    private String region;

    @Option(
            names = "--endpoint-url",
            paramLabel = "URL",
            description = "for every service, as for the sandbox (default: $AWS_ENDPOINT_URL)")
    private URI endpoint;

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            defaultValue = "${GANTRY_BUCKET}",
            description = "Gantry's bucket (default: $GANTRY_BUCKET, else the operator's function is asked)")
    private String bucket;

    @Option(
            names = "--function",
            paramLabel = "NAME",
            defaultValue = "${GANTRY_FUNCTION:-" + Target.FUNCTION + "}",
            description = "the operator's function (default: $GANTRY_FUNCTION, else " + Target.FUNCTION + ")")
    private String function;

    @Option(names = "--json", description = "print the documented JSON form instead of a screen")
    private boolean json;

    /** Read where errors are told, off the command line itself. */
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--debug", description = "print stack traces and the SDK's warnings")
    private boolean debug;

    /** Picocli's own. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    Target target() {
        return new Target(
                Optional.ofNullable(profile).or(() -> said("AWS_PROFILE")),
                Optional.ofNullable(region),
                Optional.ofNullable(endpoint),
                Optional.ofNullable(bucket).filter(name -> !name.isBlank()),
                function);
    }

    private static Optional<String> said(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank());
    }

    boolean isJson() {
        return json;
    }
}
