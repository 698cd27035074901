package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What the operator's function answered, for programs. */
public final class Answers {
    private Answers() {}

    /** The form with its message; a look has a decision, too. */
    public static String form(String name, String message, Optional<String> decision) {
        ObjectNode json = Forms.form(name).put("message", message);
        Forms.text(json, "decision", decision);
        return json.toString();
    }
}
