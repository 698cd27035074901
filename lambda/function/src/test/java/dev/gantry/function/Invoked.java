package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.stored.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Calls a handler as Lambda's runtime does: bytes in, bytes out. */
final class Invoked {
    private Invoked() {}

    /** What the handler answers to this text. */
    static JsonNode with(RequestStreamHandler handler, String payload, Context context) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(payload.getBytes(StandardCharsets.UTF_8)), answer, context);
        } catch (IOException e) {
            throw new UncheckedIOException("the handler failed", e);
        }
        return Json.tree(answer.toString(StandardCharsets.UTF_8)).orElseThrow();
    }

    /** A payload as the handler reads it. */
    static JsonNode payload(Map<String, ?> fields) {
        try {
            return Json.foreign(Json.text(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts and numbers is JSON", e);
        }
    }
}
