package dev.gantry.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the list of fleets says about each. */
class FleetLinesTest {
    private static final Release CURRENT = Release.NONE.withCurrent(SampleCheckups.BUNDLE);
    private static final Instant HELD = SampleInstances.HELD;

    private Result<Optional<Fleets.View>> view =
            new Result.Ok<>(Optional.of(SampleCheckups.view(Policy.DEFAULT, CURRENT)));
    private Result<Optional<List<Member>>> members = new Result.Ok<>(Optional.of(List.of()));
    private final Map<InstanceId, Result<Optional<Stay>>> stays = new LinkedHashMap<>();
    private Result<Boolean> launchSuspended = new Result.Ok<>(false);
    private Result<Integer> abandoned = new Result.Ok<>(2);

    private FleetLine line() {
        return FleetLines.of(new FleetLines.Read(SampleCheckups.WEB, view, members, stays, launchSuspended, abandoned));
    }

    private void release(Release release) {
        view = new Result.Ok<>(Optional.of(SampleCheckups.view(Policy.DEFAULT, release)));
    }

    private static InstanceId instance(int number) {
        return new InstanceId(String.format("i-%017x", number));
    }

    private static Member member(int number, String state) {
        return new Member(instance(number), SampleCheckups.WEB, state);
    }

    private void stay(int number, Stay stay) {
        stays.put(instance(number), new Result.Ok<>(Optional.of(stay)));
    }

    private static Stay open(int seconds) {
        return Stay.first(Gate.SERVICE, Optional.empty(), HELD.plusSeconds(seconds));
    }

    @Test
    void aFleetThatIsWellHasNoTroubles() {
        release(CURRENT.succeeded(SampleCheckups.BUNDLE, HELD));

        FleetLine line = line();

        assertEquals("enforce", line.mode());
        assertEquals(Optional.of("3f5a90c2d1e4"), line.current());
        assertEquals(Optional.of("3f5a90c2d1e4"), line.lastGood());
        assertEquals(0, line.quarantined());
        assertEquals("closed", line.breaker());
        assertEquals(Optional.of(true), line.launching());
        assertEquals(Optional.of(2), line.counts().abandonedToday());
        assertEquals(Optional.empty(), line.oldest());
        assertEquals(List.of(), line.troubles());
    }

    @Test
    void instancesAtEitherGateWaitAndOthersAreOnTheirWay() {
        members = new Result.Ok<>(Optional.of(List.of(
                member(1, "Pending:Wait"),
                member(2, "Warmed:Pending:Wait"),
                member(3, "Pending"),
                member(4, "InService"),
                member(5, "InService"),
                member(6, "InService"),
                member(7, "Terminating"))));

        assertEquals(2, line().waiting());
        assertEquals(3, line().inService());
    }

    @Test
    void theInstanceThatHasWaitedLongestHasTheDeadline() {
        stay(1, open(60));
        stay(2, open(20));
        stay(3, open(0).withClosing(Closing.elsewhere("it is over", HELD)));
        stays.put(instance(4), new Result.Ok<>(Optional.empty()));

        assertEquals(
                new Explanation.Deadline(
                        HELD.plusSeconds(20), HELD.plusSeconds(20).plus(Duration.ofHours(1))),
                line().oldest().orElseThrow());
    }

    @Test
    void withoutSettingsLittleIsKnown() {
        view = new Result.Ok<>(Optional.empty());
        stay(1, open(0));

        FleetLine line = line();

        assertEquals("unknown", line.mode());
        assertEquals("unknown", line.breaker());
        assertEquals(Optional.empty(), line.oldest(), "its launch deadline is a setting");
    }

    @Test
    void settingsThatCannotBeUsedAreBrokenAndTheirTroubleIsReported() {
        view = new Result.Ok<>(Optional.of(Fleets.broken(SampleCheckups.WEB, CURRENT, "field attempts must be 1")));

        assertEquals("broken", line().mode());
        assertEquals(List.of("field attempts must be 1"), line().troubles());
    }

    @ParameterizedTest
    @EnumSource(LaunchProcess.class)
    void aQuarantinedBundleThatIsStillCurrentOpensTheBreaker(LaunchProcess process) {
        release(CURRENT.opened(SampleCheckups.BUNDLE, "failed on 3 instances", process));

        boolean isSuspended = process == LaunchProcess.RUNNING;
        assertEquals(isSuspended ? "suspended" : "open", line().breaker());
        assertEquals(1, line().quarantined());
        assertEquals(
                isSuspended,
                line().troubles().toString().contains("Gantry has suspended its launches: bundle 3f5a90c2d1e4"));
    }

    @Test
    void aFleetToWhichNothingWasPublishedHasAClosedBreaker() {
        release(Release.NONE);

        assertEquals("closed", line().breaker());
        assertEquals(Optional.empty(), line().current());
    }

    @Test
    void aSuspendedLaunchProcessIsReported() {
        launchSuspended = new Result.Ok<>(true);

        assertEquals(Optional.of(false), line().launching());
    }

    @Test
    void aGroupThatDoesNotExistIsATrouble() {
        members = new Result.Ok<>(Optional.empty());

        assertEquals(
                List.of("there is no Auto Scaling group of this name in this account and Region"), line().troubles());
    }

    @Test
    void eachCallThatFailedIsReportedOnce() {
        view = new Result.Err<>(SampleCheckups.denied("GetObject"));
        members = new Result.Err<>(SampleCheckups.denied("DescribeAutoScalingGroups"));
        launchSuspended = new Result.Err<>(SampleCheckups.denied("DescribeScalingProcesses"));
        abandoned = new Result.Err<>(SampleCheckups.denied("ListObjectsV2"));
        stays.put(instance(1), new Result.Err<>(SampleCheckups.denied("GetObject of a ledger")));
        stays.put(instance(2), new Result.Err<>(SampleCheckups.denied("GetObject of a ledger")));

        FleetLine line = line();

        assertEquals(
                List.of(
                        "GetObject",
                        "DescribeAutoScalingGroups",
                        "DescribeScalingProcesses",
                        "ListObjectsV2",
                        "GetObject of a ledger"),
                line.troubles().stream()
                        .map(trouble -> trouble.substring(0, trouble.indexOf(':')))
                        .toList());
        assertEquals(Optional.empty(), line.launching());
        assertEquals(Optional.empty(), line.counts().abandonedToday());
        assertEquals(0, line.waiting());
        assertFalse(line.troubles().toString().contains("no Auto Scaling group"), "it is not known");
        assertTrue(line.troubles().get(0).contains("your own policy"));
    }
}
