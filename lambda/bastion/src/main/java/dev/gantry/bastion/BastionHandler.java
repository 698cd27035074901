package dev.gantry.bastion;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.keys.KeyRing;
import dev.gantry.stored.Fields;
import dev.gantry.stored.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The function {@code gantry-bastion}. It is invoked with messages of its queue:
 *
 * <pre>{@code {"Records": [{"messageId": "…", "body": "{\"format\": 1, \"ask\": \"status\", …}", …}, …]}}</pre>
 *
 * and answers with those that SQS has to keep ({@code batchItemFailures}); or directly with
 *
 * <pre>{@code {"action": "rotate", "overlapSeconds": 3600}}</pre>
 *
 * which makes a key pair, and answers with the pairs' fingerprints. A rotation that failed fails the invocation. Shapes: Lambda
 * developer guide, "Using Lambda with Amazon SQS" and "Handling errors for an SQS event source".
 */
public final class BastionHandler implements RequestStreamHandler {
    private final Wiring wiring;

    /** Called by Lambda. */
    public BastionHandler() {
        this(Wiring.fromEnvironment());
    }

    BastionHandler(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Fields request = Json.message(in.readAllBytes());
        Instant until = wiring.clock().instant().plusMillis(context.getRemainingTimeInMillis());
        ObjectNode answer = request.has("Records") ? batch(request.json().get("Records"), until) : action(request);
        out.write(Json.bytes(answer));
    }

    private ObjectNode batch(JsonNode records, Instant until) {
        List<Batch.Incoming> messages = new ArrayList<>();
        for (JsonNode record : records) {
            messages.add(new Batch.Incoming(
                    record.path("messageId").asText(), record.path("body").asText()));
        }
        ObjectNode answer = Json.object();
        ArrayNode failures = answer.putArray("batchItemFailures");
        wiring.batch().handle(messages, until).forEach(id -> failures.addObject()
                .put("itemIdentifier", id));
        return answer;
    }

    private ObjectNode action(Fields request) {
        if (!request.text("action").equals("rotate")) {
            throw request.broken("action", "must be rotate");
        }
        KeyRing ring = wiring.keys().rotate(Duration.ofSeconds(request.number("overlapSeconds")));
        ObjectNode answer = Json.object().put("current", ring.current().id());
        ring.previous().ifPresent(old -> answer.put("previous", old.pair().id())
                .put("previousValidUntil", old.validUntil().toString()));
        wiring.log().log(
                "bastion_keys_rotated", Map.of("current", ring.current().id()));
        return answer;
    }
}
