package dev.gantry.bastion.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.id.InstanceId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Consumer;

/** Messages as the launch function sends them, and variations. */
public final class Samples {
    public static final InstanceId INSTANCE = new InstanceId("i-0123456789abcdef0");
    public static final InstanceId BASTION = new InstanceId("i-0fedcba9876543210");
    public static final String RUN = "run-0123456789abcdef";
    public static final String SHA256 = "a".repeat(64);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Samples() {}

    /** The sample of a start, a status or a cancel. */
    public static String message(String name) {
        return message(name, message -> {});
    }

    public static String message(String name, Consumer<ObjectNode> change) {
        String file = "/messages/" + name + ".json";
        try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(file), file)) {
            ObjectNode message = (ObjectNode) JSON.readTree(in);
            change.accept(message);
            return message.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
