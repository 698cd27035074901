package dev.gantry.aws.s3;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackS3;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3PageMarksTest {
    private static final Instant WINDOW = Instant.parse("2026-01-01T12:00:00Z");

    private final LoopbackAws aws = new LoopbackAws(new LoopbackS3());
    private final S3PageMarks marks = marks();

    private S3PageMarks marks() {
        return new S3PageMarks(aws.clients().s3(), LoopbackS3.BUCKET);
    }

    @AfterEach
    void close() {
        aws.close();
    }

    @Test
    void onlyOneCallerForAKeyInAWindowIsTheFirst() {
        assertTrue(marks.isFirst("NOT_JSON sender", WINDOW));
        assertFalse(marks.isFirst("NOT_JSON sender", WINDOW));
        assertFalse(marks().isFirst("NOT_JSON sender", WINDOW));
    }

    @Test
    void anotherKeyAndAnotherWindowHaveTheirOwn() {
        assertTrue(marks.isFirst("NOT_JSON sender", WINDOW));
        assertTrue(marks.isFirst("NOT_JSON other", WINDOW));
        assertTrue(marks.isFirst("NOT_JSON sender", WINDOW.plusSeconds(3_600)));
    }
}
