package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.cli.base.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class SharedTest {
    private static final Duration KEPT = Duration.ofSeconds(2);
    private static final Duration NO_PATIENCE = Duration.ZERO;

    private Instant now = Instant.parse("2026-11-29T03:20:00Z");
    private int reads;
    private boolean isDown;
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Executor notYet = later::add;
    private final Shared<Integer> shared = new Shared<>(this::read, KEPT, () -> now);

    private int read() {
        if (isDown) {
            throw new Problem(Problem.AWS, "AWS does not answer");
        }
        return ++reads;
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void itIsReadOnceInItsTime() {
        assertEquals(Optional.of(1), shared.get().value());
        pass(KEPT.minusMillis(1));
        assertEquals(Optional.of(1), shared.get().value());
        pass(Duration.ofMillis(1));
        assertEquals(Optional.of(2), shared.get().value());
    }

    @Test
    void ifNothingWasReadYetTheAnswerIsEmptyAndReadingGoesOn() {
        assertEquals(Optional.empty(), shared.getWithin(NO_PATIENCE, notYet).value());
        later.remove().run();
        assertEquals(Optional.of(1), shared.getWithin(NO_PATIENCE, notYet).value());
    }

    @Test
    void itIsReadByOneCallerAtATime() {
        shared.getWithin(NO_PATIENCE, notYet);
        shared.getWithin(NO_PATIENCE, notYet);

        assertEquals(1, later.size());
    }

    @Test
    void anAnswerThatIsSlightlyTooOldIsGivenAtOnceWhileANewerOneIsRead() {
        shared.get();
        pass(KEPT);

        // The reading never begins, so waiting for it would take forever.
        assertEquals(
                Optional.of(1), shared.getWithin(Duration.ofDays(1), notYet).value());
        later.remove().run();
        assertEquals(
                Optional.of(2), shared.getWithin(Duration.ofDays(1), notYet).value());
    }

    @Test
    void anAnswerThatIsMuchTooOldIsNotShownIfANewerOneComesInTime() {
        shared.get();
        pass(KEPT.multipliedBy(3));

        assertEquals(
                Optional.of(2),
                shared.getWithin(Duration.ofDays(1), Runnable::run).value());
    }

    @Test
    void anErrorKeepsTheLastAnswerAndItsTime() {
        Instant first = shared.get().at();
        pass(KEPT);
        isDown = true;

        assertEquals(new Shared.Seen<>(Optional.of(1), first, Optional.of("AWS does not answer")), shared.get());
    }
}
