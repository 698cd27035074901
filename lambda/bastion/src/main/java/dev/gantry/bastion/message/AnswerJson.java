package dev.gantry.bastion.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.stored.BastionMessages;
import dev.gantry.stored.Json;
import java.time.Instant;

/** The answer object that the launch function reads, as bytes; {@code at} is when the exchange ended. */
public final class AnswerJson {
    private static final int FORMAT = 1;

    private AnswerJson() {}

    public static byte[] bytes(Message message, Outcome outcome, Instant at) {
        ObjectNode answer = Json.object();
        answer.put("format", FORMAT);
        answer.put("run", message.run().value());
        answer.put("instance", message.instance().value());
        answer.put("asked", BastionMessages.word(message.ask()));
        answer.put("askedAt", message.at().toString());
        answer.put("at", at.toString());
        answer.put("state", outcome.state().word());
        answer.put("detail", outcome.detail());
        outcome.holder().ifPresent(holder -> answer.put("holder", holder));
        outcome.result().ifPresent(result -> answer.set("result", result));
        outcome.tail().ifPresent(tail -> answer.put("tail", tail));
        return Json.bytes(answer);
    }
}
