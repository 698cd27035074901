package dev.gantry.cli.console;

import dev.gantry.cli.base.Recent;
import dev.gantry.cli.console.page.Page;
import dev.gantry.cli.console.page.Paths;
import dev.gantry.cli.console.page.Renderer;
import java.util.Map;

/** The HTML of pages: made when a page is first asked for, and shared by all readers until AWS answers anew. */
final class Drawn {
    /** A fleet's page of 200 launches has half a megabyte. */
    private static final int MOST = 16;

    private final Renderer renderer;
    private final Map<String, Sheet> sheets = Recent.map(MOST);

    Drawn(Renderer renderer) {
        this.renderer = renderer;
    }

    /** The inside of the page that is at this path now. */
    String of(String path, Page page) {
        return sheets.computeIfAbsent(path, one -> new Sheet()).of(page);
    }

    /** The newest page of a path. */
    private final class Sheet {
        private Page page;
        private String html;

        /** Identity, because comparing pages would take longer than making one. */
        @SuppressWarnings("ReferenceEquality")
        synchronized String of(Page now) {
            if (page != now) {
                html = renderer.inside(now, Paths.SERVED);
                page = now;
            }
            return html;
        }
    }
}
