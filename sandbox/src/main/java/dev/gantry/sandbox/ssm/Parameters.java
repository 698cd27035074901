package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Parameter Store, standard tier: values of at most 4 KB, 15 levels, 100 versions, 10 a page. A SecureString comes back
 * unreadable unless WithDecryption is said.
 */
final class Parameters {
    private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9_.\\-/]{1,1011}$");
    private static final int MAX_LEVELS = 15;
    private static final int MAX_BYTES = 4096;
    private static final int MAX_VERSIONS = 100;

    private final SsmOptions options;
    private final InstantSource clock;
    private final Map<String, List<Version>> parameters = new TreeMap<>();

    /** One version of a parameter; versions count from 1. */
    private record Version(String name, long number, String type, String value, Instant modified) {}

    Parameters(SsmOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    synchronized ObjectNode put(JsonNode input) {
        Check check = new Check(input)
                .length("Name", 1, 2048)
                .oneOf("Type", List.of("String", "StringList", "SecureString"))
                .oneOf("Tier", List.of("Standard", "Advanced", "Intelligent-Tiering"));
        String name = check.required("Name");
        String value = check.required("Value");
        checkName(name);
        checkValue(name, value, check.optional("AllowedPattern"));
        Optional<Version> before = Optional.ofNullable(parameters.get(name)).map(Parameters::latest);
        if (before.isPresent() && !input.path("Overwrite").asBoolean(false)) {
            throw AwsError.badRequest(
                    "ParameterAlreadyExists",
                    "The parameter already exists. To overwrite this value, set the overwrite option in the request to"
                            + " true.");
        }
        String type = check.optional("Type")
                .or(() -> before.map(Version::type))
                .orElseThrow(() -> validation("A parameter type is required when you create a parameter."));
        long number = before.map(Version::number).orElse(0L) + 1;
        List<Version> versions = parameters.computeIfAbsent(name, key -> new ArrayList<>());
        versions.add(new Version(name, number, type, value, clock.instant()));
        if (versions.size() > MAX_VERSIONS) {
            versions.remove(0);
        }
        return Json.object().put("Version", number).put("Tier", "Standard");
    }

    synchronized ObjectNode get(JsonNode input) {
        String name = new Check(input).length("Name", 1, 2048).required("Name");
        Version version = find(name).orElseThrow(() -> AwsError.badRequest("ParameterNotFound", ""));
        ObjectNode output = Json.object();
        output.set("Parameter", describe(version, input));
        return output;
    }

    synchronized ObjectNode getAll(JsonNode input) {
        new Check(input).size("Names", 1, 10);
        List<ObjectNode> found = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        for (String name : Json.texts(input.path("Names"))) {
            find(name).ifPresentOrElse(version -> found.add(describe(version, input)), () -> invalid.add(name));
        }
        ObjectNode output = Json.object();
        output.set("Parameters", Json.nodes(found));
        output.set("InvalidParameters", Json.array(invalid));
        return output;
    }

    synchronized ObjectNode getByPath(JsonNode input) {
        String path = new Check(input).range("MaxResults", 1, 10).required("Path");
        if (!path.startsWith("/")) {
            throw validation("The parameter path must begin with a slash '/': " + path);
        }
        String prefix = path.endsWith("/") ? path : path + "/";
        boolean recursive = input.path("Recursive").asBoolean(false);
        List<ObjectNode> found = parameters.values().stream()
                .map(Parameters::latest)
                .filter(version -> version.name().startsWith(prefix))
                .filter(version -> recursive || version.name().indexOf('/', prefix.length()) < 0)
                .map(version -> describe(version, input))
                .toList();
        ObjectNode output = Json.object();
        Page.fill(output, "Parameters", found, input, 10);
        return output;
    }

    synchronized ObjectNode delete(JsonNode input) {
        String name = new Check(input).length("Name", 1, 2048).required("Name");
        if (parameters.remove(name) == null) {
            throw AwsError.badRequest("ParameterNotFound", "");
        }
        return Json.object();
    }

    /** By name, or by {@code name:version}. */
    private Optional<Version> find(String selector) {
        String[] parts = selector.split(":", 2);
        List<Version> versions = parameters.getOrDefault(parts[0], List.of());
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        if (parts.length == 1) {
            return Optional.of(latest(versions));
        }
        return Optional.of(versions.stream()
                .filter(version -> String.valueOf(version.number()).equals(parts[1]))
                .findFirst()
                .orElseThrow(() -> AwsError.badRequest(
                        "ParameterVersionNotFound",
                        "Systems Manager could not find version " + parts[1] + " of " + parts[0] + ".")));
    }

    private static Version latest(List<Version> versions) {
        return versions.get(versions.size() - 1);
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches() || name.startsWith("aws") || name.startsWith("ssm")) {
            throw validation(
                    "Parameter name: only a mix of letters, numbers and the following 4 symbols .-_/ are allowed, and"
                            + " it can't begin with \"aws\" or \"ssm\" (case-insensitive): " + name);
        }
        long levels = name.chars().filter(character -> character == '/').count();
        if (levels > MAX_LEVELS) {
            throw AwsError.badRequest(
                    "HierarchyLevelLimitExceededException", "A hierarchy can have a maximum of 15 levels.");
        }
    }

    private static void checkValue(String name, String value, Optional<String> allowedPattern) {
        if (value.isEmpty()) {
            throw validation("The value of parameter " + name + " must not be empty.");
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw validation("Standard tier parameters support a maximum parameter value of 4096 characters.");
        }
        allowedPattern.ifPresent(pattern -> {
            if (!Pattern.compile(pattern).matcher(value).find()) {
                throw AwsError.badRequest(
                        "ParameterPatternMismatchException",
                        "Parameter value, cannot be validated against allowedPattern: " + pattern);
            }
        });
    }

    private ObjectNode describe(Version version, JsonNode input) {
        boolean hidden = version.type().equals("SecureString")
                && !input.path("WithDecryption").asBoolean(false);
        String arn = "arn:aws:ssm:" + options.region() + ":" + options.account() + ":parameter"
                + (version.name().startsWith("/") ? "" : "/") + version.name();
        return Json.object()
                .put("Name", version.name())
                .put("Type", version.type())
                .put("Value", hidden ? sealed(version) : version.value())
                .put("Version", version.number())
                .put("LastModifiedDate", Json.seconds(version.modified()))
                .put("ARN", arn)
                .put("DataType", "text");
    }

    /** Stands for the ciphertext: the same for the same version, and nothing that can be read. */
    private static String sealed(Version version) {
        String text = "sealed " + version.name() + " " + version.number();
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static AwsError validation(String why) {
        return AwsError.badRequest("ValidationException", why);
    }
}
