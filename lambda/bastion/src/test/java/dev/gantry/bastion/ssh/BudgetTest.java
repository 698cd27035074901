package dev.gantry.bastion.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private long nanos = Long.MAX_VALUE - 5;
    private final Budget budget = Budget.of(Duration.ofSeconds(20), () -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void theTimeLeftDecreases() throws SshFailure {
        pass(Duration.ofSeconds(12));

        assertEquals(Duration.ofSeconds(8), budget.left("x"));
        assertEquals(Duration.ofSeconds(5), budget.atMost(Duration.ofSeconds(5), "x"));
        assertTrue(budget.hasAtLeast(Duration.ofSeconds(8)));
        assertFalse(budget.hasAtLeast(Duration.ofSeconds(9)));
    }

    @Test
    void aMillisecondIsTimeAndLessIsNone() throws SshFailure {
        pass(Duration.ofMillis(19_999));
        assertEquals(Duration.ofMillis(1), budget.left("x"));
        assertEquals(Duration.ofMillis(1), budget.atMost(Duration.ofSeconds(5), "x"));

        nanos++;
        assertThrows(SshFailure.class, () -> budget.left("x"));
    }

    @Test
    void ifNoTimeIsLeftTheMessageSaysWhatWasBeingDone() {
        pass(Duration.ofSeconds(20));

        SshFailure failure = assertThrows(SshFailure.class, () -> budget.left("logging in to the bastion"));
        assertEquals("the 20 s of one exchange were over while logging in to the bastion", failure.getMessage());
        assertTrue(failure.passes());
    }
}
