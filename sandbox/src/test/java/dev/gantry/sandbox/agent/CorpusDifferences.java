package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Compares what the sandbox's agent made of a document with what the real one did. */
final class CorpusDifferences {
    private static final int SHOWN = 300;

    private CorpusDifferences() {}

    /** A line for each difference. */
    static List<String> between(JsonNode expected, JsonNode actual) {
        List<String> found = new ArrayList<>();
        for (String field : List.of("status", "boots")) {
            compare("", field, expected.path(field), actual.path(field)).ifPresent(found::add);
        }
        List<JsonNode> real = Json.elements(expected.path("steps"));
        List<JsonNode> ours = Json.elements(actual.path("steps"));
        if (!names(real).equals(names(ours))) {
            found.add("steps: " + names(ours) + ", the real agent's: " + names(real));
            return found;
        }
        for (int i = 0; i < real.size(); i++) {
            for (String field : List.of("status", "code", "stdout", "stderr", "output")) {
                compare(
                                "step " + names(real).get(i) + ": ",
                                field,
                                real.get(i).path(field),
                                ours.get(i).path(field))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private static List<String> names(List<JsonNode> steps) {
        return steps.stream().map(step -> step.path("name").asText()).toList();
    }

    private static Optional<String> compare(String where, String field, JsonNode real, JsonNode ours) {
        boolean same =
                real.isObject() ? isTheLong(real, ours.asText()) : real.asText().equals(ours.asText());
        return same
                ? Optional.empty()
                : Optional.of(where + field + " is " + shown(ours) + ", the real agent's " + shown(real));
    }

    /** A long text is given by its length in bytes, its ends and its digest. */
    private static boolean isTheLong(JsonNode real, String ours) {
        byte[] bytes = ours.getBytes(StandardCharsets.UTF_8);
        return real.path("bytes").asInt() == bytes.length
                && real.path("sha256").asText().equals(sha256(bytes));
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= SHOWN
                ? text
                : text.substring(0, SHOWN / 2) + " … " + text.substring(text.length() - SHOWN / 2) + " ("
                        + value.asText().getBytes(StandardCharsets.UTF_8).length + " bytes)";
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
