package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.function.signal.Signal;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.stay.Hint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RevisitDelayTest {
    private static final InstanceId INSTANCE = new InstanceId("i-0123456789abcdef0");
    private static final Signal LAUNCH =
            new Signal.Launching(Look.waiting(INSTANCE, "gantry", new Hint("token", Instant.EPOCH)));
    private static final Signal ENDED = new Signal.LookAt(Look.ended(INSTANCE, "c"));
    private static final Decision AGENT = waitFor(Duration.ofSeconds(5));

    private final RevisitDelay unjittered = new RevisitDelay(() -> 0.5);

    @Test
    void looksForTheAgentGrowFromFiveSecondsToThirty() {
        List<Long> seconds = IntStream.of(1, 2, 8, 16, 17)
                .mapToObj(n -> unjittered.after(LAUNCH, AGENT, n).orElseThrow().toMillis())
                .toList();
        assertEquals(List.of(5000L, 5625L, 11403L, 29259L, 30000L), seconds);
    }

    @Test
    void jitterIsAFifthEitherWay() {
        assertEquals(Optional.of(Duration.ofSeconds(4)), new RevisitDelay(() -> 0.0).after(LAUNCH, AGENT, 1));
        assertEquals(Optional.of(Duration.ofSeconds(6)), new RevisitDelay(() -> 1.0).after(LAUNCH, AGENT, 1));
    }

    @Test
    void aLongerWaitThanThirtySecondsIsKeptAsItIs() {
        assertEquals(Optional.of(Duration.ofMinutes(2)), unjittered.after(LAUNCH, waitFor(Duration.ofMinutes(2)), 1));
    }

    @Test
    void otherSignalsGetThreeLooks() {
        assertEquals(Optional.of(Duration.ofSeconds(5)), unjittered.after(ENDED, AGENT, 1));
        assertEquals(Optional.of(Duration.ofMillis(5625)), unjittered.after(ENDED, AGENT, 2));
        assertEquals(Optional.empty(), unjittered.after(ENDED, AGENT, 3));
    }

    @Test
    void whileAwsDoesNotAnswerWellOtherSignalsWaitToo() {
        Decision throttled = new Decision.Wait(Reason.RETRYABLE, Optional.of(Duration.ofSeconds(5)), "Rate exceeded");
        assertEquals(Optional.of(Duration.ofSeconds(30)), unjittered.after(ENDED, throttled, 20));
        assertEquals(Optional.empty(), unjittered.after(ENDED, throttled, RevisitDelay.RECEIVES));
    }

    @Test
    void aLaunchMessageIsGivenUpBeforeTheRedrivePolicyTakesIt() {
        assertEquals(Optional.empty(), unjittered.after(LAUNCH, AGENT, RevisitDelay.RECEIVES));
    }

    @Test
    void aMessageThatNeedsNoFurtherLookIsDone() {
        Decision running = new Decision.Wait(Reason.RUN, Optional.empty(), "under way");
        assertEquals(Optional.empty(), unjittered.after(LAUNCH, running, 1));
        assertEquals(Optional.empty(), unjittered.after(LAUNCH, new Decision.Ignore("over"), 1));
    }

    private static Decision waitFor(Duration time) {
        return new Decision.Wait(Reason.AGENT, Optional.of(time), "why");
    }
}
