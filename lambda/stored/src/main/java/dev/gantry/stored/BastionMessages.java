package dev.gantry.stored;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.stay.Question;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Questions as the bastion function reads them: one JSON object each, of at most 256 KiB (API_SendMessage). Only a start says
 * what is to be run: the hardened document's parameters as for Run Command, and the bundle's key.
 */
public final class BastionMessages {
    /** The version of the form. */
    public static final int FORMAT = 1;

    private final DocumentOptions options;

    public BastionMessages(DocumentOptions options) {
        this.options = options;
    }

    /** The question's word, in messages and in the instance's forced command. */
    public static String word(Question question) {
        return switch (question) {
            case START -> "start";
            case STATUS -> "status";
            case CANCEL -> "cancel";
        };
    }

    /** The question that a word means. */
    public static Optional<Question> question(String word) {
        return Stream.of(Question.values())
                .filter(question -> word(question).equals(word))
                .findFirst();
    }

    public String of(BastionQuestion asked) {
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("ask", word(asked.question()))
                .put("fleet", asked.order().fleet().name().value())
                .put("instance", asked.instance().value())
                .put("run", asked.order().run().value())
                .put("at", asked.at().toString());
        if (asked.question() == Question.START) {
            ObjectNode lines = json.putObject("options");
            options.of(asked.order()).forEach(lines::put);
            json.put(
                    "bundle",
                    ObjectKeys.bundle(
                            asked.order().fleet().name(), asked.order().bundle()));
        }
        return Json.text(json);
    }
}
