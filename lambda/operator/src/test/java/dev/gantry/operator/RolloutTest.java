package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.operator.Rollout.Kind;
import dev.gantry.operator.Rollout.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutTest {
    private static final FleetName WEB = new FleetName("web");
    private static final Outcome GOOD = Outcome.of(new Verdict.Succeeded());
    private static final Outcome BAD =
            Outcome.of(new Verdict.RunFailed(new Failure("step", Optional.of("start nginx"), "no unit", 2, "fatal")));

    private static InstanceId instance(int n) {
        return new InstanceId(String.format("i-%017x", n));
    }

    private static Rollout of(int instances, int allowed) {
        return Rollout.of(
                IntStream.rangeClosed(1, instances)
                        .mapToObj(RolloutTest::instance)
                        .toList(),
                allowed);
    }

    private static Rollout ended(Rollout rollout, Outcome outcome, int count) {
        Map<InstanceId, Outcome> ended = new LinkedHashMap<>();
        rollout.next().stream().limit(count).forEach(instance -> ended.put(instance, outcome));
        return rollout.with(ended);
    }

    @Test
    void commandsTakeFiftyInstancesUntilNoneIsLeft() {
        Rollout first = of(120, 0);
        Rollout second = ended(first, GOOD, 50);
        Rollout third = ended(second, GOOD, 50);

        assertEquals(50, first.next().size());
        assertEquals(20, third.next().size());
        Rollout end = ended(third, GOOD, 20);
        assertTrue(end.next().isEmpty() && end.isGood() && end.left().isEmpty());
    }

    @Test
    void oneBudgetOfErrorsCountsOverAllCommands() {
        Rollout rollout = of(120, 2);
        Rollout afterOne = ended(ended(rollout, BAD, 1), GOOD, 49);
        assertEquals(1, afterOne.allowedStill());
        Rollout afterTwo = ended(ended(afterOne, BAD, 1), GOOD, 49);
        assertFalse(afterTwo.isStopped());
        assertEquals(0, afterTwo.allowedStill());
        Rollout afterThree = ended(afterTwo, BAD, 1);

        assertTrue(afterThree.isStopped() && afterThree.next().isEmpty());
        assertEquals(19, afterThree.left().size());
        assertFalse(afterThree.isGood());
    }

    @Test
    void anInstanceOnWhichNothingRanIsNeitherErrorNorSuccess() {
        Rollout rollout = ended(of(1, 0), Outcome.untouched("its agent is not online"), 1);

        assertFalse(rollout.isStopped());
        assertFalse(rollout.isGood());
    }

    @Test
    void theVerdictIsTheOutcomeOfAnInstance() {
        assertEquals(Kind.FAILED, BAD.kind());
        assertTrue(BAD.words().contains("start nginx"), BAD.words());
        assertEquals(
                Kind.FAILED, Outcome.of(new Verdict.Refused("AccessDenied")).kind());
        assertEquals(
                Kind.UNTOUCHED,
                Outcome.of(new Verdict.Undelivered("Failed (Terminated)")).kind());
        assertEquals(
                Kind.UNTOUCHED, Outcome.of(new Verdict.Undelivered("Cancelled")).kind());
        assertEquals(
                Kind.FAILED,
                Outcome.of(new Verdict.Undelivered("TimedOut (DeliveryTimedOut)"))
                        .kind());
    }

    @Test
    void onlyAnEndedRunIsAnOutcome() {
        Map<InstanceId, Outcome> ended = Rollout.ended(Map.of(
                instance(1),
                new Progress.UnderWay("InProgress"),
                instance(2),
                new Progress.Ended(new Verdict.Succeeded())));

        assertEquals(Map.of(instance(2), GOOD), ended);
    }

    @Test
    void anInstanceWithChangesHasDrifted() {
        Rollout rollout = of(2, 0).with(
                        Map.of(instance(1), GOOD.with(List.of("write nginx.conf")), instance(2), GOOD.with(List.of())));

        assertEquals(List.of(instance(1)), rollout.drifted());
    }

    /** Each state of Auto Scaling's user guide, page "instance lifecycle". */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Pending",
                "Pending:Wait",
                "Pending:Proceed",
                "Warmed:Pending:Wait",
                "Warmed:Stopped",
                "Warmed:Running",
                "Warmed:Hibernated",
                "EnteringStandby",
                "Standby",
                "Terminating",
                "Terminating:Wait",
                "Terminated",
                "Detaching",
                "ReplacingRootVolume",
                "inservice",
                ""
            })
    void nothingButAnInstanceInServiceIsEverATarget(String state) {
        RolloutTargets targets = RolloutTargets.of(
                List.of(new Member(instance(1), WEB, "InService"), new Member(instance(2), WEB, state)), Set.of());

        assertEquals(List.of(instance(1)), targets.inService());
        assertEquals(Map.of(instance(2), state), targets.passedOver());
    }

    @Test
    void onlyNamedInstancesInServiceAreTargets() {
        List<Member> members = Stream.of(1, 2, 3)
                .map(n -> new Member(instance(n), WEB, n == 3 ? "Standby" : "InService"))
                .toList();

        RolloutTargets targets = RolloutTargets.of(members, Set.of(instance(2), instance(3), instance(4)));

        assertEquals(List.of(instance(2)), targets.inService());
        assertEquals(Map.of(instance(3), "Standby", instance(4), "in no Auto Scaling group"), targets.passedOver());
    }

    @ParameterizedTest
    @CsvSource({"3, 10, 3", "30, 10, 10", "10%, 50, 5", "10%, 9, 0", "100%, 9, 9", "0, 5, 0", "0%, 5, 0"})
    void aShareIsANumberOrAPercentage(String text, int of, int share) {
        assertEquals(share, Share.parse(text).of(of));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "101%", "many", "10 %", "12345"})
    void textThatIsNoShareIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Share.parse(text));
    }
}
