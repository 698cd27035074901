package dev.gantry.sandbox.autoscaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassageTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "LAUNCH,Pending,Pending:Wait,Pending:Proceed",
        "SCALE_OUT,Pending,Pending:Wait,Pending:Proceed",
        "WARM,Warmed:Pending,Warmed:Pending:Wait,Warmed:Pending:Proceed",
        "RETURN,Warmed:Pending,Warmed:Pending:Wait,Warmed:Pending:Proceed",
        "TERMINATE,Terminating,Terminating:Wait,Terminating:Proceed",
        "DRAIN,Warmed:Terminating,Warmed:Terminating:Wait,Warmed:Terminating:Proceed"
    })
    void eachJourneyShowsItsStates(Journey journey, String begun, String waiting, String proceeding) {
        assertEquals(begun, journey.state(Stage.BEGUN).wire());
        assertEquals(waiting, journey.state(Stage.WAITING).wire());
        assertEquals(proceeding, journey.state(Stage.PROCEEDING).wire());
        assertEquals(begun, journey.state(Stage.FINISHING).wire());
    }

    @Test
    void continueNeedsEveryHookAndAbandonNeedsOne() {
        Passage waiting = Passage.begun("a", Journey.LAUNCH).waitingFor(List.of(action("1", 60), action("2", 60)));
        assertEquals(Optional.empty(), waiting.verdict());
        Passage half = waiting.with("1", a -> a.completed(Result.CONTINUE));
        assertEquals(Optional.empty(), half.verdict());
        assertEquals(
                Optional.of(Result.CONTINUE),
                half.with("2", a -> a.completed(Result.CONTINUE)).verdict());
        assertEquals(
                Optional.of(Result.ABANDON),
                waiting.with("2", a -> a.completed(Result.ABANDON)).verdict());
    }

    @Test
    void noActionIsActiveOnceTheInstanceProceeds() {
        Passage waiting = Passage.begun("a", Journey.LAUNCH).waitingFor(List.of(action("1", 60)));
        assertTrue(waiting.active(a -> true).isPresent());
        assertTrue(waiting.at(Stage.PROCEEDING).active(a -> true).isEmpty());
        assertTrue(waiting.with("1", a -> a.completed(Result.CONTINUE))
                .active(a -> true)
                .isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"30,3000", "1728,172800", "7200,172800"})
    void theGlobalTimeoutIsAHundredHeartbeatsButTwoDaysAtMost(int heartbeat, int global) {
        assertEquals(Duration.ofSeconds(global), action("1", heartbeat).hook().globalTimeout());
    }

    @Test
    void aHeartbeatMovesTheDeadlineButNotPastTheGlobalTimeout() {
        LifecycleAction action = action("1", 30);
        assertEquals(START.plusSeconds(30), action.deadline());
        assertEquals(
                START.plusSeconds(50), action.beating(START.plusSeconds(20)).deadline());
        assertEquals(
                START.plusSeconds(3_000),
                action.beating(START.plusSeconds(2_990)).deadline());
    }

    private static LifecycleAction action(String token, int heartbeat) {
        Hook hook = new Hook(
                "gate",
                Transition.LAUNCHING,
                Duration.ofSeconds(heartbeat),
                Result.ABANDON,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return LifecycleAction.begun(token, hook, START);
    }
}
