package dev.gantry.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SqsTextTest {

    @Test
    void charactersThatSqsAcceptsAreKept() {
        String text = "\t\n\r ~\u00e9\ud7ff\ue000\ufffd\ud83d\ude00";
        assertEquals(text, SqsText.allowed(text));
    }

    @Test
    void charactersThatSqsRefusesAreReplaced() {
        assertEquals("a\ufffd\ufffd\ufffdb", SqsText.allowed("a\u0000\u001f\uffffb"));
        assertEquals("\ufffd!", SqsText.allowed("\ud83d!"));
        assertEquals("\ufffd", SqsText.allowed("\ufffe"));
        assertEquals(" \ud800\udc00", SqsText.allowed(" \ud800\udc00"), "the first of their ranges");
    }

    @Test
    void aPrefixHasAtMostItsNumberOfBytesAndEndsWithAWholeCharacter() {
        assertEquals("aé", SqsText.beginning("aé", 3));
        assertEquals("aé", SqsText.beginning("aéb", 3));
        assertEquals("a", SqsText.beginning("aé", 2));
        assertEquals("a", SqsText.beginning("a\ud83d\ude00", 4));
        assertEquals("", SqsText.beginning("é", 1));
        assertEquals("", SqsText.beginning("abc", -7));
    }
}
