package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.ec2.Bytes;
import org.junit.jupiter.api.Test;

class OutputTest {

    private static String combined(String stdout, String stderr) {
        return new Output(Bytes.of(stdout), Bytes.of(stderr)).combined();
    }

    @Test
    void shortStreamsStandOneAfterTheOther() {
        assertEquals("out", combined("out", ""));
        assertEquals("out\n----------ERROR-------\nerr", combined("out", "err"));
    }

    @Test
    void longStreamsShareTheRoomAndLoseTheirEnds() {
        String combined = combined("o".repeat(9_000), "e".repeat(9_000));
        assertTrue(combined.length() <= 2_500);
        assertTrue(combined.startsWith("ooo") && combined.endsWith("\n---Error truncated----"));
        assertTrue(combined.contains("\n---Output truncated---\n----------ERROR-------\neee"));
    }

    @Test
    void shortErrorStaysWholeBesideALongOutput() {
        String combined = combined("o".repeat(9_000), "why");
        assertEquals(2_500, combined.length());
        assertTrue(combined.endsWith("\n---Output truncated---\n----------ERROR-------\nwhy"));
    }

    @Test
    void streamsAreCutByBytesAndWhatIsJustAsLongIsCutToo() {
        assertEquals(
                "x".repeat(23_999), Output.cut(Bytes.of("x".repeat(23_999))).text());
        String cut = "x".repeat(23_980) + "--output truncated--";
        assertEquals(cut, Output.cut(Bytes.of("x".repeat(24_000))).text());
        assertEquals(24_000, Output.cut(Bytes.of("ä".repeat(20_000))).size());
    }

    @Test
    void halfACharacterAtTheCutBecomesAReplacementForEachOfItsBytes() {
        assertEquals("a\uFFFD\uFFFD", Bytes.of("a日").first(3).text());
        assertEquals("a\uFFFDb", Bytes.of(new byte[] {'a', (byte) 0xFF, 'b'}).text());
    }
}
