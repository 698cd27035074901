package dev.gantry.system.permissions;

import dev.gantry.sandbox.Cloud;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.sandbox.wire.Faults;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes down which calls functions make, for the comparison with the policies that Terraform renders
 * (scripts/lib/terraform/recorded_calls.py): one line {@code function, service, operation, resource} for each kind of
 * call, separated by tabs. The resource is the kind of an S3 key ({@code launches/*}), and empty for everything else, whose resource stands in
 * the body. A call is recorded before it takes effect, also a refused one: it still needs its permission.
 */
public final class FunctionCalls implements Faults, Cloud.Part {
    private static final Pattern FUNCTION_ROLE = Pattern.compile("arn:aws:sts::\\d+:assumed-role/(gantry-[^/]+)/\\1");
    private static final Pattern OBJECT =
            Pattern.compile("/[^/]+/(bastion/[^/]+|[^/]+)/.*?(/(?:settings|release)\\.json)?");
    private static final SharedLines LINES = new SharedLines("function-calls");

    private final Faults inner;
    private volatile Optional<Cloud> cloud = Optional.empty();

    /** Records every call, and lets others decide its result. */
    public FunctionCalls(Faults inner) {
        this.inner = inner;
    }

    @Override
    public void build(Cloud built) {
        cloud = Optional.of(built);
    }

    @Override
    public Fault on(String service, String operation, String accessKey) {
        return inner.on(service, operation, accessKey);
    }

    @Override
    public Fault on(String service, String operation, String accessKey, String path) {
        function(accessKey)
                .ifPresent(name -> LINES.add(name, service, operation, service.equals("s3") ? kind(path) : ""));
        return inner.on(service, operation, accessKey, path);
    }

    private Optional<String> function(String accessKey) {
        return cloud.flatMap(c -> c.keys().find(accessKey))
                .map(Identity::arn)
                .map(FUNCTION_ROLE::matcher)
                .filter(Matcher::matches)
                .map(role -> role.group(1));
    }

    /** {@code fleets/*}{@code /release.json} of {@code /bucket/fleets/web/release.json}; empty for a bucket. */
    static String kind(String path) {
        Matcher object = OBJECT.matcher(path);
        if (!object.matches()) {
            return "";
        }
        return object.group(1) + "/*" + Optional.ofNullable(object.group(2)).orElse("");
    }

    /** Writes what was heard so far in this process. */
    public static void write(Path zip) {
        LINES.write(zip);
    }
}
