package dev.gantry.cli.command;

import dev.gantry.cli.account.Target;
import dev.gantry.operator.Shell;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command. */
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

    /** What was said of these, for a command that is to be copied: with a leading space, or empty. */
    String repeated() {
        StringBuilder said = new StringBuilder();
        add(said, "--profile", profile, null);
        add(said, "--region", region, null);
        add(said, "--endpoint-url", endpoint == null ? null : endpoint.toString(), null);
        add(said, "--bucket", bucket, System.getenv("GANTRY_BUCKET"));
        add(said, "--function", function, said("GANTRY_FUNCTION").orElse(Target.FUNCTION));
        return said.toString();
    }

    private static void add(StringBuilder options, String name, String value, String usual) {
        if (value != null && !value.isBlank() && !value.equals(usual)) {
            options.append(' ').append(name).append(' ').append(Shell.quoted(value));
        }
    }

    boolean isJson() {
        return json;
    }
}
