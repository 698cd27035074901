package dev.gantry.operator;

import static dev.gantry.operator.SampleCheckups.BUNDLE;
import static dev.gantry.operator.SampleCheckups.denied;
import static dev.gantry.operator.SampleCheckups.deployed;
import static dev.gantry.operator.SampleCheckups.fleet;
import static dev.gantry.operator.SampleCheckups.function;
import static dev.gantry.operator.SampleCheckups.group;
import static dev.gantry.operator.SampleCheckups.hook;
import static dev.gantry.operator.SampleCheckups.observed;
import static dev.gantry.operator.SampleCheckups.view;
import static dev.gantry.operator.SampleCheckups.with;
import static dev.gantry.operator.SampleCheckups.withFunction;
import static dev.gantry.operator.SampleCheckups.withTrouble;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.operator.Checkup.Described;
import dev.gantry.operator.Checkup.Group;
import dev.gantry.operator.Checkup.OfFleet;
import dev.gantry.operator.Checkup.Queue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One fault is planted at a time, and must be the only finding, with the right repair. */
class DoctorTest {
    private static final Release CURRENT = Release.NONE.withCurrent(BUNDLE);
    private static final Duration HALF_HOUR = Duration.ofMinutes(30);

    private static Arguments planted(String fault, OfFleet fleet, String what, String mend) {
        return planted(fault, () -> Doctor.check(fleet), what, mend);
    }

    private static Arguments planted(String fault, Checkup.Deployed deployed, String what, String mend) {
        return planted(fault, () -> DeploymentDoctor.check(deployed), what, mend);
    }

    private static Arguments planted(String fault, Supplier<List<Finding>> check, String what, String mend) {
        return Arguments.of(fault, check, what, mend);
    }

    private static Group launchSuspended() {
        return new Group(group().hooks(), Map.of("Launch", "User suspended at 2026-11-29T03:00:00Z"));
    }

    private static OfFleet absent(OfFleet of, boolean view, boolean group, boolean document) {
        return new OfFleet(
                of.name(),
                view ? new Result.Ok<>(Optional.empty()) : of.view(),
                group ? new Result.Ok<>(Optional.empty()) : of.group(),
                document ? new Result.Ok<>(Optional.empty()) : of.document());
    }

    static Stream<Arguments> faultsOfFleets() {
        return Stream.of(
                planted("no settings", absent(fleet(), true, false, false), "no settings", "settings.json"),
                planted(
                        "settings that cannot be read",
                        with(Fleets.broken(SampleCheckups.WEB, CURRENT, "field attempts must be 1 to 10, not 11")),
                        "field attempts must be 1 to 10",
                        "repair what it names"),
                planted(
                        "a bundle that is gone",
                        withTrouble("bundle is not in the bucket"),
                        "not in the bucket",
                        "repair"),
                planted("nothing published", with(Release.NONE), "nothing was published", "gantry publish web"),
                planted(
                        "a quarantined bundle",
                        with(CURRENT.opened(BUNDLE, "failed on 3 instances", LaunchProcess.SUSPENDED)),
                        "is quarantined: failed on 3 instances",
                        "gantry publish web"),
                planted("no group", absent(fleet(), false, true, false), "no Auto Scaling group", "--region"),
                planted(
                        "no hook",
                        with(new Group(List.of(), Map.of())),
                        "no launch hook named gantry",
                        "terraform apply"),
                planted(
                        "a hook of the wrong transition",
                        with(new Group(List.of(new Checkup.Hook("gantry", false, "ABANDON", HALF_HOUR)), Map.of())),
                        "is no launch hook",
                        "terraform apply"),
                planted(
                        "a bypassed hook",
                        with(new Group(List.of(hook("gantry", "CONTINUE", HALF_HOUR)), Map.of())),
                        "default result CONTINUE, and mode enforce needs ABANDON",
                        "scripts/bypass off --fleet web"),
                planted(
                        "a hook that abandons in observe mode",
                        with(view(observed(), CURRENT)),
                        "default result ABANDON, and mode observe needs CONTINUE",
                        "terraform apply"),
                planted(
                        "a heartbeat that is too short",
                        with(new Group(List.of(hook("gantry", "ABANDON", Duration.ofSeconds(60))), Map.of())),
                        "runs out before Gantry renews it",
                        "terraform apply"),
                planted(
                        "a heartbeat that is too long",
                        with(new Group(List.of(hook("gantry", "ABANDON", Duration.ofHours(2))), Map.of())),
                        "borne longer than the settings say",
                        "terraform apply"),
                planted("launches suspended by hand", with(launchSuspended()), "not by Gantry", "resume-processes"),
                planted(
                        "terminations suspended",
                        with(new Group(group().hooks(), Map.of("Terminate", "User suspended"))),
                        "Terminate process is suspended",
                        "--scaling-processes Terminate"),
                planted("no document", absent(fleet(), false, false, true), "no version 3", "document.version"),
                planted(
                        "a document that is not active",
                        with(new Described("Failed", Optional.of("a".repeat(64)))),
                        "it is Failed",
                        "create it anew"),
                planted(
                        "a document that was changed",
                        with(new Described("Active", Optional.of("b".repeat(64)))),
                        "another hash",
                        "document.hash"));
    }

    static Stream<Arguments> faultsOfDeployments() {
        Queue queue = new Queue("gantry-launches", 0, Duration.ofMinutes(6), true);
        return Stream.of(
                planted(
                        "no sweep",
                        withFunction("gantry-sweep", new Result.Ok<>(Optional.empty())),
                        "none of this name",
                        "terraform apply"),
                planted(
                        "a function that failed",
                        withFunction(
                                "gantry-sweep",
                                new Result.Ok<>(Optional.of(function("gantry-sweep", "Failed", "gantry-bucket")))),
                        "it is Failed",
                        "get-function-configuration --function-name gantry-sweep"),
                planted(
                        "a function with another bucket",
                        withFunction(
                                "gantry-launch-queue",
                                new Result.Ok<>(
                                        Optional.of(function("gantry-launch-queue", "Active", "other-bucket")))),
                        "GANTRY_BUCKET is other-bucket",
                        "terraform apply"),
                planted(
                        "dead letters",
                        deployed(functions -> functions, queue, 3),
                        "3 messages could not be read",
                        "--queue-name gantry-launches-dlq"),
                planted(
                        "a visibility below the function's timeout",
                        deployed(
                                functions -> functions,
                                new Queue("gantry-launches", 0, Duration.ofSeconds(30), true),
                                0),
                        "hides a message for 30 s",
                        "at least the function's"),
                planted(
                        "a queue without dead letters",
                        deployed(
                                functions -> functions,
                                new Queue("gantry-launches", 0, Duration.ofMinutes(6), false),
                                0),
                        "no dead-letter queue",
                        "terraform apply"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"faultsOfFleets", "faultsOfDeployments"})
    void aPlantedFaultIsTheOnlyFindingAndHasItsRepair(
            String fault, Supplier<List<Finding>> check, String what, String mend) {
        List<Finding> wrong = check.get().stream()
                .filter(finding -> finding.kind() == Finding.Kind.WRONG)
                .toList();

        assertEquals(1, wrong.size(), wrong::toString);
        assertTrue(wrong.get(0).what().contains(what), wrong::toString);
        assertTrue(wrong.get(0).mend().contains(mend), wrong::toString);
    }

    @Test
    void ifNothingIsWrongThereIsNoFinding() {
        String found = Stream.concat(
                        Doctor.check(fleet()).stream(), DeploymentDoctor.check(SampleCheckups.deployed()).stream())
                .filter(finding -> finding.kind() != Finding.Kind.WELL)
                .map(Finding::toString)
                .collect(joining("\n"));

        assertEquals("", found);
    }

    @Test
    void whatIsWellIsReportedWithWhatWasFound() {
        assertEquals(
                List.of(
                        Finding.well("fleet web", "settings and bundle can be used, mode enforce"),
                        Finding.well("fleet web", "launches take bundle 3f5a90c2d1e4"),
                        Finding.well("document Gantry-ApplyAnsiblePlaybooks", "version 3 is there and active"),
                        Finding.well("group web", "hook gantry: default result ABANDON, heartbeat 1800 s")),
                Doctor.check(fleet()));
        assertEquals(
                List.of(
                        Finding.well("function gantry-launch-queue", "active, timeout 60 s"),
                        Finding.well("function gantry-sweep", "active, timeout 60 s"),
                        Finding.well("function gantry-operator", "active, timeout 60 s"),
                        Finding.well("queue gantry-launches", "2 messages wait"),
                        Finding.well("queue gantry-launches-dlq", "empty")),
                DeploymentDoctor.check(deployed()));
    }

    @Test
    void queuesThatDoNotExistAreFaults() {
        Checkup.Deployed none = new Checkup.Deployed(
                deployed().place(),
                deployed().functions(),
                new Result.Ok<>(Optional.empty()),
                new Result.Ok<>(Optional.empty()));

        assertEquals(
                List.of("queue of launches: it does not exist", "dead-letter queue: it does not exist"),
                DeploymentDoctor.check(none).stream()
                        .filter(finding -> finding.kind() == Finding.Kind.WRONG)
                        .map(finding -> finding.where() + ": " + finding.what())
                        .toList());
    }

    /** Only the launch queue's function reads the queue, and a visibility as long as its timeout is enough. */
    @Test
    void theVisibilityIsMeasuredByTheLaunchQueuesFunctionAlone() {
        Queue queue = new Queue("gantry-launches", 0, Duration.ofMinutes(1), true);
        Checkup.Deployed slowSweep = deployed(
                functions -> {
                    Map<String, Result<Optional<Checkup.Function>>> changed = new LinkedHashMap<>();
                    changed.put(
                            "gantry-sweep",
                            new Result.Ok<>(Optional.of(new Checkup.Function(
                                    "gantry-sweep",
                                    "Active",
                                    "Successful",
                                    Duration.ofMinutes(15),
                                    Optional.of("gantry-bucket")))));
                    changed.put("gantry-launch-queue", functions.get("gantry-launch-queue"));
                    return changed;
                },
                queue,
                0);

        assertTrue(DeploymentDoctor.check(slowSweep).stream().allMatch(finding -> finding.kind() == Finding.Kind.WELL));
    }

    @Test
    void theFleetsHookIsFoundAmongOthersAndTerminationHooksAreIgnored() {
        Group both = new Group(
                List.of(new Checkup.Hook("drain", false, "CONTINUE", HALF_HOUR), hook("gantry", "ABANDON", HALF_HOUR)),
                Map.of());

        List<Finding> findings = Doctor.check(with(both));

        assertEquals(Doctor.check(fleet()), findings);
    }

    /** A suspension by Gantry is reported once, with its reason and how to lift it. */
    @Test
    void aSuspensionByGantryIsNotTakenForSomebodyElses() {
        Release suspended = CURRENT.opened(BUNDLE, "failed on 3 instances", LaunchProcess.RUNNING)
                .suspended();
        OfFleet fleet = new OfFleet(
                SampleCheckups.WEB,
                with(suspended).view(),
                new Result.Ok<>(Optional.of(launchSuspended())),
                fleet().document());

        List<Finding> findings = Doctor.check(fleet);

        assertTrue(findings.stream().anyMatch(finding -> finding.mend().contains("gantry lift web")));
        assertFalse(findings.stream().anyMatch(finding -> finding.what().contains("not by Gantry")));
    }

    @Test
    void aCallThatIsNotPermittedIsNoFindingAndHidesNoOther() {
        OfFleet fleet = new OfFleet(
                SampleCheckups.WEB,
                with(Release.NONE).view(),
                new Result.Err<>(denied("DescribeLifecycleHooks of group web")),
                fleet().document());

        List<Finding> findings = Doctor.check(fleet);

        assertEquals(
                1,
                findings.stream()
                        .filter(finding -> finding.kind() == Finding.Kind.UNREAD)
                        .count());
        assertTrue(findings.stream().anyMatch(finding -> finding.what().contains("nothing was published")));
    }

    @Test
    void anotherLaunchHookIsReportedAndIsNoFault() {
        Group both = new Group(
                List.of(hook("gantry", "ABANDON", HALF_HOUR), hook("other", "CONTINUE", HALF_HOUR)), Map.of());

        List<Finding> findings = Doctor.check(with(both));

        assertTrue(findings.stream()
                .anyMatch(finding ->
                        finding.kind() == Finding.Kind.WELL && finding.what().contains("another launch hook, other")));
    }

    @ParameterizedTest
    @MethodSource("dev.gantry.operator.ExplainerTest#names")
    void anInstanceInTroubleIsAFindingWithItsNextStep(String name) {
        Evidence seen = SampleInstances.all().get(name);
        boolean isBad = Explainer.explain(seen).standing().mood() == Explanation.Mood.BAD;

        List<Finding> findings = InstanceDoctor.check(seen);

        assertEquals(
                isBad,
                findings.stream()
                        .anyMatch(finding -> finding.kind() == Finding.Kind.WRONG
                                && finding.what().startsWith("it ")));
    }
}
