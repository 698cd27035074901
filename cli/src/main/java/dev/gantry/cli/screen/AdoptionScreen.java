package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.operator.Adoption;

/** What adopts a group, for programs. */
public final class AdoptionScreen {
    private AdoptionScreen() {}

    /** The file's text, and what its owner has to know. */
    public static String form(Adoption adoption) {
        ObjectNode json = Forms.form("gantry.init/1")
                .put("group", adoption.group().value())
                .put("name", adoption.name())
                .put("terraform", String.join("\n", adoption.terraform()) + "\n");
        Forms.texts(json, "notes", adoption.notes());
        return json.toString();
    }
}
