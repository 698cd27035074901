package dev.gantry.bastion.message;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.Fields;
import dev.gantry.stored.Json;
import dev.gantry.stored.Unreadable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads what the instance's forced command printed: one line of JSON and an exit code, 0 when it understood and 64
 * ({@code EX_USAGE} of sysexits.h) when it refused.
 *
 * <p>The instance is not trusted. If the line has another form, is about another run, or comes from another instance, the outcome
 * is {@link State#MISCONFIGURED}, and never a result.
 */
public final class ReplyParser {
    /** Maximum line length: a few KiB of result plus an 8 KiB tail, times 6 when JSON escapes it to ASCII. */
    public static final int LONGEST_LINE = 128 * 1024;

    static final int LONGEST_TAIL = 8 * 1024;
    private static final int LONGEST_HOLDER = 200;
    private static final int SHOWN_ERROR = 300;
    private static final int VERSION = 1;
    private static final int REFUSED = 64;

    private final InstanceId instance;
    private final RunId run;

    public ReplyParser(Message message) {
        this.instance = message.instance();
        this.run = message.run();
    }

    /**
     * What the instance said.
     *
     * @param out its standard output; cut after {@link #LONGEST_LINE}
     * @param error the end of its standard error, for the message if there was no line
     */
    public Outcome parse(byte[] out, boolean cut, String error, int exit) {
        if (cut) {
            return wrong("printed more than " + LONGEST_LINE + " bytes");
        } else if (out.length == 0) {
            return wrong("printed nothing and ended with exit code " + exit
                    + (error.isBlank() ? "" : ": " + Text.clip(error.strip(), SHOWN_ERROR)));
        }
        try {
            return read(line(out), exit);
        } catch (Unreadable e) {
            return wrong("printed a line that cannot be used: " + e.getMessage());
        }
    }

    private static Fields line(byte[] out) {
        int length = out[out.length - 1] == '\n' ? out.length - 1 : out.length;
        for (int i = 0; i < length; i++) {
            if (out[i] == '\n' || out[i] == '\r') {
                throw new Unreadable("it must be one line");
            }
        }
        try {
            return Json.message(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(out, 0, length))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8));
        } catch (CharacterCodingException e) {
            throw new Unreadable("it is not UTF-8");
        }
    }

    private Outcome read(Fields line, int exit) {
        if (line.number("gantry") != VERSION) {
            throw line.broken("gantry", "must be " + VERSION);
        }
        String sender = line.text("instance");
        if (!sender.equals(instance.value())) {
            return Outcome.misconfigured("at the address of instance " + instance
                    + " answers an instance that calls itself '" + Text.clip(sender, 40)
                    + "'; nothing of it is believed: see what wrote its host keys object");
        }
        String state = line.text("state");
        String detail = line.optionalText("detail").orElse("");
        if (state.equals("refused")) {
            return wrong("refused " + run + ": " + detail);
        } else if (exit != 0) {
            throw new Unreadable("state " + Text.clip(state, 40) + " came with exit code " + exit
                    + (exit == REFUSED ? ", which means refused" : ""));
        } else if (!line.text("run").equals(run.value())) {
            throw line.broken("run", "must be " + run);
        } else if (!State.OF_INSTANCES.containsKey(state)) {
            throw line.broken("state", "is not known: '" + Text.clip(state, 40) + "'");
        }
        return outcome(line, State.OF_INSTANCES.get(state), detail);
    }

    private static Outcome outcome(Fields line, State state, String detail) {
        Optional<String> holder = line.optionalText("holder")
                .filter(any -> state == State.BUSY)
                .map(text -> Text.clip(text, LONGEST_HOLDER));
        Optional<JsonNode> result = line.optionalObject("result")
                .filter(any -> state == State.ENDED)
                .map(Fields::json);
        if (state == State.ENDED && result.isEmpty()) {
            throw line.broken("result", "is missing though the run has ended");
        }
        return new Outcome(
                state, detail, holder, result, line.optionalText("tail").map(ReplyParser::tail));
    }

    /** The last 8 KiB, not beginning within a character. */
    private static String tail(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = Math.max(0, bytes.length - LONGEST_TAIL);
        while (from < bytes.length && (bytes[from] & 0xC0) == 0x80) {
            from++;
        }
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    private Outcome wrong(String what) {
        return Outcome.misconfigured("the forced command of instance " + instance + " " + what);
    }
}
