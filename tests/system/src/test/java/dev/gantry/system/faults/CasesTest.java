package dev.gantry.system.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.ExampleFleet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which cases exist, and which of them run on a day. */
class CasesTest {
    private static CallPoint call(String call, int ordinal) {
        return new CallPoint(ExampleFleet.LAUNCH_FUNCTION, call, ordinal);
    }

    private static List<String> names(List<FaultCase> cases) {
        return cases.stream().map(FaultCase::name).toList();
    }

    @Test
    void eachCallIsKilledAtBeforeAndAfterItsEffect() {
        assertEquals(
                List.of(
                        "kill/events/SendCommand-1/before",
                        "kill/events/SendCommand-1/after",
                        "kill/events/PutObject-launches-2/before",
                        "kill/events/PutObject-launches-2/after"),
                names(KillCases.of(
                        Journey.EVENTS, List.of(call("SendCommand", 1), call("PutObject launches", 2)), List.of())));
    }

    @Test
    void theCallsThatAnotherJourneySharesAreKilledThereExceptForTheNearest() {
        List<CallPoint> events = List.of(call("A", 1), call("B", 1), call("C", 1), call("E", 1));
        List<CallPoint> late =
                List.of(call("A", 1), call("B", 1), call("D", 1), call("B", 2), call("C", 2), call("E", 1));
        assertEquals(
                List.of(
                        "kill/late-agent/B-1/before",
                        "kill/late-agent/B-1/after",
                        "kill/late-agent/D-1/before",
                        "kill/late-agent/D-1/after",
                        "kill/late-agent/B-2/before",
                        "kill/late-agent/B-2/after"),
                names(KillCases.of(Journey.LATE_AGENT, late, events)));
    }

    @Test
    void aKillBetweenClaimAndSendCountsAsALongCase() {
        List<CallPoint> calls = List.of(call("PutObject launches", 1), call("SendCommand", 1), call("X", 1));
        assertEquals(
                List.of("kill/events/PutObject-launches-1/after", "kill/events/SendCommand-1/before"),
                names(KillCases.of(Journey.EVENTS, calls, List.of()).stream()
                        .filter(FaultCase::isLong)
                        .toList()));
        assertEquals(
                List.of(
                        "kill/sweep/PutObject-launches-1/after",
                        "kill/sweep/SendCommand-1/before",
                        "kill/sweep/SendCommand-1/after",
                        "kill/sweep/X-1/before"),
                names(KillCases.of(Journey.SWEEP, calls, List.of()).stream()
                        .filter(FaultCase::isLong)
                        .toList()));
    }

    @Test
    void everyCaseHasANameOfItsOwnByWhichItIsFound() {
        List<String> names = names(Catalogue.written());
        assertEquals(names.size(), new HashSet<>(names).size());
        names.forEach(name -> assertEquals(name, Catalogue.named(name).name()));
        String kill = "kill/sweep/PutObject-launches-2/after";
        assertEquals(kill, Catalogue.named(kill).name());
        for (String none : List.of("kill/sweep/SendCommand-1", "kill/nowhere/SendCommand-1/after", "answer/nothing")) {
            assertThrows(IllegalArgumentException.class, () -> Catalogue.named(none), none);
        }
    }

    @Test
    void aReadIsNeverAnsweredAsIfItHadChangedAnything() {
        assertEquals(
                List.of(),
                names(AnswerCases.all()).stream()
                        .filter(name -> name.contains("/done-") && name.matches("answer/(Get|Describe|List|Head).*"))
                        .toList());
    }

    @Test
    void everyCaseThatIsNotLongRunsOnSomeDay() {
        List<FaultCase> cases = Catalogue.written();
        Set<String> seen = new HashSet<>();
        for (long day = 0; day < cases.size(); day++) {
            seen.addAll(names(Sample.of(cases, day, 4)));
        }
        Set<String> brief =
                new HashSet<>(names(cases.stream().filter(one -> !one.isLong()).toList()));
        assertEquals(brief, seen);
    }

    @Test
    void eachJourneyHasItsDayAndEachOfItsRoundsItsCalls() {
        List<CallPoint> calls = List.of(call("A", 1), call("B", 1), call("C", 1));
        for (Journey journey : Journey.values()) {
            Set<String> seen = new HashSet<>();
            for (long day = 20_000; day < 20_030; day++) {
                if (Sample.journey(day) == journey) {
                    seen.addAll(names(
                            Sample.of(KillCases.of(journey, calls, List.of()), day / Journey.values().length, 2)));
                }
            }
            assertEquals(6, seen.size(), journey + ": " + seen);
        }
    }

    @Test
    void aLongCaseIsInNoSample() {
        List<FaultCase> cases = RunCases.all();
        assertTrue(cases.stream().anyMatch(FaultCase::isLong));
        for (long day = 0; day < 20; day++) {
            assertTrue(Sample.of(cases, day, 3).stream().noneMatch(FaultCase::isLong));
        }
    }
}
