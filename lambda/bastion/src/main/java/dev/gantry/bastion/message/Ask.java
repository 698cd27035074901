package dev.gantry.bastion.message;

import java.util.Locale;
import java.util.Map;

/** The three things that can be asked of an instance; its forced command knows no other. */
public enum Ask {
    START,
    STATUS,
    CANCEL;

    static final Map<String, Ask> WORDS = Map.of("start", START, "status", STATUS, "cancel", CANCEL);

    /** As it stands in messages and in the command. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
