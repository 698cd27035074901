package dev.gantry.cli.command;

import dev.gantry.cli.account.Target;
import dev.gantry.cli.base.Problem;
import dev.gantry.operator.Shell;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that reads an account. */
final class CommonOptions {
    /** Amazon S3 user guide, "General purpose bucket naming rules", but for those about reserved prefixes. */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

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

    @Mixin
    private OutputOptions output;

    Target target() {
        if (bucket != null && !bucket.isBlank() && !BUCKET.matcher(bucket).matches()) {
            throw new Problem(
                    Problem.USAGE, "--bucket '" + bucket + "': a bucket's name is 3 to 63 of a-z, 0-9, dot and hyphen");
        }
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
        return output.isJson();
    }
}
