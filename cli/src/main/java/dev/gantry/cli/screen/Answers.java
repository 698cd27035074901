package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What the operator's function answered, and what the console says of itself. */
public final class Answers {
    private Answers() {}

    /** The form with its message; where an instance was looked at, with the decision, too. */
    public static String form(String name, String message, Optional<String> decision) {
        ObjectNode json = Forms.form(name).put("message", message);
        Forms.text(json, "decision", decision);
        return json.toString();
    }

    /** For people: the decision, where there is one, and the message. */
    public static String line(String message, Optional<String> decision) {
        return decision.map(word -> word + ": ").orElse("") + message;
    }

    /** Where the console listens. */
    public static String console(String address) {
        return Forms.form("gantry.console/1").put("address", address).toString();
    }

    /** What the console wrote. */
    public static String exported(String index, int pages, int left) {
        return Forms.form("gantry.console-export/1")
                .put("index", index)
                .put("pages", pages)
                .put("left", left)
                .toString();
    }
}
