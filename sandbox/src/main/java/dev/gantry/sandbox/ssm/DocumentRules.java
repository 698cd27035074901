package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What CreateDocument and UpdateDocument ask of a Command document's content. Limits: 64 KB a document (Systems Manager
 * quotas page). Documents in YAML and of schema 1.2 are valid at AWS; this stand-in reads JSON of schema 2.0 and 2.2
 * and says so instead of guessing.
 */
final class DocumentRules {
    private static final int MAX_BYTES = 64 * 1024;
    private static final Set<String> PARAMETER_TYPES =
            Set.of("String", "StringList", "Boolean", "Integer", "MapList", "StringMap");
    private static final Pattern STEP_NAME = Pattern.compile("[a-zA-Z0-9_:-]+");

    private DocumentRules() {}

    static JsonNode parse(String content) {
        if (content.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw AwsError.badRequest("MaxDocumentSizeExceeded", "The size limit of a document is 64 KB.");
        }
        JsonNode document = Json.parse(content)
                .filter(JsonNode::isObject)
                .orElseThrow(() -> invalid("The content is no JSON object; the sandbox reads documents in JSON only."));
        checkSchema(document);
        document.path("parameters").properties().forEach(field -> checkParameter(field.getKey(), field.getValue()));
        checkSteps(document);
        return document;
    }

    private static void checkSchema(JsonNode document) {
        String schema = document.path("schemaVersion").asText("");
        if (!List.of("2.0", "2.2").contains(schema)) {
            throw AwsError.badRequest(
                    "InvalidDocumentSchemaVersion",
                    "Document schema version, " + schema + ", is not supported by the sandbox: use 2.2.");
        }
    }

    private static void checkParameter(String name, JsonNode parameter) {
        String type = parameter.path("type").asText("");
        if (!PARAMETER_TYPES.contains(type)) {
            throw invalid("Parameter " + name + " has type '" + type + "', which is none of " + PARAMETER_TYPES + ".");
        }
        if (parameter.has("allowedPattern")) {
            try {
                Pattern.compile(parameter.path("allowedPattern").asText());
            } catch (PatternSyntaxException e) {
                throw invalid("Parameter " + name + " has an invalid allowedPattern: " + e.getDescription() + ".");
            }
        }
    }

    private static void checkSteps(JsonNode document) {
        List<JsonNode> steps = Json.elements(document.path("mainSteps"));
        if (steps.isEmpty()) {
            throw invalid("The document has no mainSteps.");
        }
        for (JsonNode step : steps) {
            if (!step.path("action").asText("").startsWith("aws:")) {
                throw invalid("Each of mainSteps needs an action such as aws:runShellScript.");
            }
            if (!STEP_NAME.matcher(step.path("name").asText("")).matches()) {
                throw invalid("Each of mainSteps needs a name of letters, digits, hyphens, underscores and colons.");
            }
        }
        if (steps.stream().map(step -> step.path("name").asText()).distinct().count() < steps.size()) {
            throw invalid("The names of mainSteps must differ.");
        }
    }

    private static AwsError invalid(String why) {
        return AwsError.badRequest("InvalidDocumentContent", why);
    }
}
