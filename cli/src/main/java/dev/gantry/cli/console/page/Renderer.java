package dev.gantry.cli.console.page;

import gg.jte.Content;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.HashMap;
import java.util.Map;

/** Makes HTML of pages. Whatever a page shows is escaped for the place where it stands; the templates were compiled at the build. */
public final class Renderer {
    private static final String TEMPLATES = "dev.gantry.cli.console.jte";

    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(null, ContentType.Html, Renderer.class.getClassLoader(), TEMPLATES);

    /** The whole page. */
    public String whole(Page page, Frame frame) {
        StringOutput out = new StringOutput();
        Content content = output -> engine.render("content.jte", model(page, frame), output);
        engine.render("layout.jte", Map.of("frame", frame, "content", content), out);
        return out.toString();
    }

    /** What of it changes as things happen: the inside of its element {@code live}. */
    public String changing(Page page, Frame frame) {
        StringOutput out = new StringOutput();
        engine.render("content.jte", model(page, frame), out);
        return out.toString();
    }

    private Map<String, Object> model(Page page, Frame frame) {
        Map<String, Object> inner = new HashMap<>(page.model());
        inner.put("paths", frame.paths());
        Content content = output -> engine.render(page.template(), inner, output);
        return Map.of("frame", frame, "content", content);
    }
}
