package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code sourceInfo} of aws:downloadContent, for each source type: what the agent refuses before it connects to anything, in
 * its words.
 */
final class SourceInfo {
    private static final GoStruct S3 = new GoStruct("s3resource", "S3Info", Map.of("path", GoStruct.Type.STRING));
    private static final GoStruct GITHUB = new GoStruct(
            "github",
            "GitHubInfo",
            Map.of(
                    "owner", GoStruct.Type.STRING,
                    "repository", GoStruct.Type.STRING,
                    "path", GoStruct.Type.STRING,
                    "getOptions", GoStruct.Type.STRING,
                    "tokenInfo", GoStruct.Type.STRING));
    private static final GoStruct DOCUMENT =
            new GoStruct("ssmdocresource", "SSMDocInfo", Map.of("name", GoStruct.Type.STRING));
    private static final GoStruct HTTP = new GoStruct(
            "httpresource",
            "HTTPInfo",
            Map.of(
                    "url", GoStruct.Type.ANYTHING,
                    "authMethod", GoStruct.Type.ANYTHING,
                    "username", GoStruct.Type.ANYTHING,
                    "password", GoStruct.Type.ANYTHING,
                    "allowInsecureDownload", GoStruct.Type.BOOL));
    private static final GoStruct GIT = new GoStruct(
            "privategit",
            "GitInfo",
            Map.of(
                    "repository", GoStruct.Type.STRING,
                    "privateSSHKey", GoStruct.Type.STRING,
                    "skipHostKeyChecking", GoStruct.Type.BOOL,
                    "username", GoStruct.Type.ANYTHING,
                    "password", GoStruct.Type.ANYTHING,
                    "getOptions", GoStruct.Type.STRING));

    private static final String NO_JSON = "Source Info could not be unmarshalled for source type ";

    private SourceInfo() {}

    /** Why nothing can be downloaded; empty for what S3 may have. */
    static Optional<String> refusal(String type, String text) {
        return switch (type) {
            case "S3" -> error(S3, text)
                    .map(error -> "s3 url parsing failed. " + NO_JSON + "S3. Please check JSON format of SourceInfo - "
                            + error)
                    .or(() -> s3Path(text).isEmpty()
                            ? Optional.of("S3 source path in SourceInfo must be specified")
                            : Optional.empty());
            case "GitHub" -> error(GITHUB, text)
                    .map(error -> NO_JSON + "GitHub. Please check JSON format of sourceInfo - " + error)
                    .or(() -> missing(GITHUB, text, "owner", "Owner for GitHub SourceType must be specified"))
                    .or(() -> missing(GITHUB, text, "repository", "Repository for GitHub SourceType must be specified"))
                    .or(() -> checkout(GITHUB, text))
                    .or(() -> unsupported(type));
            case "SSMDocument" -> error(DOCUMENT, text)
                    .map(error ->
                            "SSMDocument SourceInfo parsing failed. SourceInfo could not be unmarshalled for SourceType"
                                    + " SSMDocument. Please check JSON format of SourceInfo")
                    .or(() -> missing(DOCUMENT, text, "name", "SSM Document name in SourceType must be specified"))
                    .or(() -> unsupported(type));
            case "HTTP" -> error(HTTP, text)
                    .map(error -> "SourceInfo could not be unmarshalled for source type HTTP: " + error)
                    .or(() -> http(text))
                    .or(() -> unsupported(type));
            default -> error(GIT, text)
                    .or(() -> checkout(GIT, text))
                    .map(error -> "SourceInfo could not be unmarshalled for source type Git: " + error)
                    .or(() -> missing(GIT, text, "repository", "Repository for Git resources type must be specified"))
                    .or(() -> unsupported(type));
        };
    }

    static String s3Path(String text) {
        return S3.fill(json(text)).text("path").strip();
    }

    private static Optional<String> error(GoStruct struct, String text) {
        return GoJson.syntaxError(text).or(() -> struct.fill(json(text)).error());
    }

    private static Optional<String> missing(GoStruct struct, String text, String field, String why) {
        return struct.fill(json(text)).text(field).isEmpty() ? Optional.of(why) : Optional.empty();
    }

    private static Optional<String> http(String text) {
        GoStruct.Filled info = HTTP.fill(json(text));
        String scheme = info.text("url").strip().toUpperCase(Locale.ROOT);
        if (!scheme.startsWith("HTTP:") && !scheme.startsWith("HTTPS:")) {
            return Optional.of("URL scheme for HTTP resource type is invalid. HTTP or HTTPS is accepted");
        }
        String method = info.text("authMethod").strip();
        return List.of("", "None", "Basic", "Digest").contains(method)
                ? Optional.empty()
                : Optional.of("Invalid authentication method: " + method
                        + ". The following methods are accepted: None, Basic, Digest");
    }

    private static Optional<String> checkout(GoStruct struct, String text) {
        String options = struct.fill(json(text)).text("getOptions");
        String[] parts = options.split(":", -1);
        if (options.isEmpty()) {
            return Optional.empty();
        } else if (parts.length > 2) {
            return Optional.of("Only specify one required option");
        } else if (parts.length < 2) {
            return Optional.of("getOptions is not specified in the right format");
        } else if (!parts[0].equals("branch") && !parts[0].equals("commitID")) {
            return Optional.of("Type of option is unknown. Please use either 'branch' or 'commitID'.");
        }
        return parts[1].isEmpty() ? Optional.of("Option for retrieving git content is empty") : Optional.empty();
    }

    private static Optional<String> unsupported(String type) {
        return Optional.of("SourceType - " + type + " - is not supported by the sandbox: use S3.");
    }

    private static JsonNode json(String text) {
        return Json.parse(text).orElse(Json.object());
    }
}
