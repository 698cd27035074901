package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OutputTest {

    @Test
    void shortStreamsStandOneAfterTheOther() {
        assertEquals("out", new Output("out", "").combined());
        assertEquals("out\n----------ERROR-------\nerr", new Output("out", "err").combined());
    }

    @Test
    void longStreamsShareTheRoomAndLoseTheirEnds() {
        String combined = new Output("o".repeat(9_000), "e".repeat(9_000)).combined();
        assertTrue(combined.length() <= 2_500);
        assertTrue(combined.startsWith("ooo") && combined.endsWith("\n---Error truncated----"));
        assertTrue(combined.contains("\n---Output truncated---\n----------ERROR-------\neee"));
    }

    @Test
    void shortErrorStaysWholeBesideALongOutput() {
        String combined = new Output("o".repeat(9_000), "why").combined();
        assertEquals(2_500, combined.length());
        assertTrue(combined.endsWith("\n---Output truncated---\n----------ERROR-------\nwhy"));
    }
}
