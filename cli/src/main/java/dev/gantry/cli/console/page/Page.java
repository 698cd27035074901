package dev.gantry.cli.console.page;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A page, before it is HTML.
 *
 * @param title for the window
 * @param template its file in {@code src/main/jte}
 * @param model what the template shows
 * @param json its twin: what the command prints with {@code --json}
 */
public record Page(String title, String template, Map<String, Object> model, Supplier<String> json) {
    /** The same in a window with another title. */
    public Page titled(String other) {
        return new Page(other, template, model, json);
    }
}
