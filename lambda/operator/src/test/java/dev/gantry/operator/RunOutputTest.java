package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.operator.RunOutput.Part;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunOutputTest {
    private static final String OUTPUT =
            """
            Using a config

            PLAY [all] ****

            TASK [one] ****
            fatal: [localhost]: FAILED! => rescued

            TASK [two : with [brackets]] ****
            fatal: [localhost]: FAILED! => for good

            PLAY RECAP ****
            localhost : ok=1 failed=1
            """;

    private static List<Part> parts(String text, Optional<String> failing) {
        return RunOutput.of("here", false, text, failing).parts();
    }

    @Test
    void ansiblesHeadingsMakeTheParts() {
        assertEquals(
                List.of("", "PLAY [all]", "TASK [one]", "TASK [two : with [brackets]]", "PLAY RECAP"),
                parts(OUTPUT, Optional.empty()).stream().map(Part::title).toList());
    }

    @Test
    void theLastOfTwoFailuresIsTheFailingOne() {
        List<Part> parts = parts(OUTPUT, Optional.of("two : with [brackets]"));

        assertFalse(parts.get(2).isFailing());
        assertTrue(parts.get(3).isFailing());
    }

    @Test
    void theNamedTaskIsTheFailingOneThoughALaterOneFailedToo() {
        List<Part> parts = parts(OUTPUT, Optional.of("one"));

        assertTrue(parts.get(2).isFailing());
        assertFalse(parts.get(3).isFailing());
    }

    @Test
    void ifTheHeadingIsCutOffTheLastFailureIsTheFailingOne() {
        List<Part> parts = parts("…led] ***\nfatal: [localhost]: FAILED! => cut\n", Optional.of("a task"));

        assertEquals(1, parts.size());
        assertTrue(parts.get(0).isFailing());
    }

    @Test
    void anOutputWithoutAFailureHasNoFailingPart() {
        assertTrue(parts("TASK [one] ***\nok: [localhost]\n", Optional.empty()).stream()
                .noneMatch(Part::isFailing));
    }

    @Test
    void coloursAndControlCharactersAreLeftOut() {
        assertEquals(
                "ok: \ttext",
                parts("TASK [one] ***\n\u001b[0;32mok:\u001b[0m \u0007\ttext\r\n", Optional.empty())
                        .get(0)
                        .text());
    }
}
