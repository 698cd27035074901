package dev.gantry.bastion.message;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.text.Text;
import java.util.Optional;

/**
 * The result of one exchange.
 *
 * @param detail a sentence for a person, at most 500 characters
 * @param holder the run that holds the lock, with {@link State#BUSY}
 * @param result the document's result line, with {@link State#ENDED}
 * @param tail the end of Ansible's output, at most 8 KiB of UTF-8
 */
public record Outcome(
        State state, String detail, Optional<String> holder, Optional<JsonNode> result, Optional<String> tail) {
    private static final int LONGEST_DETAIL = 500;

    public Outcome {
        detail = Text.clip(detail, LONGEST_DETAIL);
    }

    /** The exchange could not be made. */
    public static Outcome retryable(String detail) {
        return new Outcome(State.RETRYABLE, detail, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Somebody has to repair something before it can be made. */
    public static Outcome misconfigured(String detail) {
        return new Outcome(State.MISCONFIGURED, detail, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
