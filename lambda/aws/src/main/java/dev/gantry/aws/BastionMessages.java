package dev.gantry.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.port.Bastion.Asked;
import dev.gantry.launch.stay.Question;
import java.util.Map;

/**
 * Questions as the bastion's function reads them: one JSON object each, of at most 256 KiB (API_SendMessage). What is to be run
 * goes with a start alone: the hardened document's parameters as Run Command would be given them, and the bundle's key.
 */
final class BastionMessages {
    private static final int FORMAT = 1;
    private static final Map<Question, String> WORDS =
            Map.of(Question.START, "start", Question.STATUS, "status", Question.CANCEL, "cancel");

    private final CommandRequests requests;

    BastionMessages(CommandRequests requests) {
        this.requests = requests;
    }

    String of(Asked asked) {
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("ask", WORDS.get(asked.question()))
                .put("fleet", asked.order().fleet().name().value())
                .put("instance", asked.instance().value())
                .put("run", asked.order().run().value())
                .put("at", asked.at().toString());
        if (asked.question() == Question.START) {
            ObjectNode options = json.putObject("options");
            requests.options(asked.order()).forEach(options::put);
            json.put(
                    "bundle",
                    Keys.bundle(asked.order().fleet().name(), asked.order().bundle()));
        }
        return json.toString();
    }
}
