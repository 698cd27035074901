package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.gantry.cli.console.page.Page;
import dev.gantry.cli.console.page.Pages;
import dev.gantry.cli.console.page.Renderer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrawnTest {
    private final Drawn drawn = new Drawn(new Renderer());

    @Test
    void aPageIsDrawnOnceHoweverManyLook() {
        Page page = Pages.message("Hello", "there", Optional.empty());

        String first = drawn.of("/", page);

        assertSame(first, drawn.of("/", page));
        assertNotSame(first, drawn.of("/", Pages.message("Hello", "there", Optional.empty())));
    }
}
