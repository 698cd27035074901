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

    /** What a page shows, without what stands around it: the same for all its readers. */
    public String inside(Page page, Paths paths) {
        Map<String, Object> model = new HashMap<>(page.model());
        model.put("paths", paths);
        StringOutput out = new StringOutput();
        engine.render(page.template(), model, out);
        return out.toString();
    }

    /** The whole page. */
    public String whole(String inside, Frame frame) {
        StringOutput out = new StringOutput();
        Content content = output -> engine.render("content.jte", model(inside, frame), output);
        engine.render("layout.jte", Map.of("frame", frame, "content", content), out);
        return out.toString();
    }

    /** What of it changes as things happen: the inside of its element {@code live}. */
    public String changing(String inside, Frame frame) {
        StringOutput out = new StringOutput();
        engine.render("content.jte", model(inside, frame), out);
        return out.toString();
    }

    private static Map<String, Object> model(String inside, Frame frame) {
        Content content = output -> output.writeContent(inside);
        return Map.of("frame", frame, "content", content);
    }
}
