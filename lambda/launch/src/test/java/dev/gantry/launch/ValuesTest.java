package dev.gantry.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.fleet.BreakerLimits;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.fleet.PolicyBuilder;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Channel;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.text.Text;
import dev.gantry.launch.twin.Observations;
import dev.gantry.launch.twin.Policies;
import dev.gantry.launch.twin.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The domain's small types: what they accept, and what they refuse by name. */
final class ValuesTest {
    private static final Instant T = World.START;

    @ParameterizedTest
    @ValueSource(strings = {"web", "A", "a/b", "100%", "a+b", "a b", "%2F", "grüße-日本-🚀", "../..", "x=1&y", "ends."})
    void aFleetsNameSurvivesItsEncodingWhichIsOneSegmentOfAKey(String name) {
        String encoded = new FleetName(name).encoded();
        assertTrue(encoded.matches("[A-Za-z0-9._%-]+"), encoded);
        assertEquals(name.matches("[A-Za-z0-9._-]+") && !name.matches("[.]{1,2}"), encoded.equals(name), encoded);
        assertEquals(new FleetName(name), FleetName.decoded(encoded));
    }

    /** As terraform/modules/fleet encodes them. */
    @Test
    void fleetNamesAreEncodedAsInEveryLanguage() throws IOException {
        for (String line : Files.readAllLines(Path.of("../../tests/fleet-names.tsv"))) {
            String[] columns = line.split("\t", -1);
            assertEquals(columns[1], new FleetName(columns[0]).encoded());
            assertEquals(new FleetName(columns[0]), FleetName.decoded(columns[1]));
        }
    }

    @Test
    void differentFleetsHaveDifferentKeys() {
        Set<String> keys = new HashSet<>();
        List.of("a/b", "a%2Fb", "a+b", "a b", "a%20b", "ab")
                .forEach(n -> assertTrue(keys.add(new FleetName(n).encoded()), n));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\u0000b", "a\nb"})
    void aNameThatNoGroupCanHaveIsRefused(String name) {
        assertRefused("Auto Scaling group name", () -> new FleetName(name));
    }

    @Test
    void aGroupsNameHasAtMost255Characters() {
        assertEquals(255, new FleetName("a".repeat(255)).value().length());
        assertRefused("Auto Scaling group name", () -> new FleetName("a".repeat(256)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"i-01234567", "i-0123456789abcdef0"})
    void instanceIdsHave8Or17Digits(String id) {
        assertEquals(id, new InstanceId(id).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "i-",
                "i-0123456",
                "i-012345678",
                "mi-0123456789abcdef0",
                "i-0123456789ABCDEF0",
                "i-01234567\n"
            })
    void anInvalidInstanceIdIsRefused(String id) {
        assertFalse(InstanceId.isOne(id));
        assertRefused("not an EC2 instance id", () -> new InstanceId(id));
    }

    @Test
    void bundlesAreNamedByTheirSha256() {
        assertEquals("0".repeat(12), World.FIRST.brief());
        assertRefused("sha256", () -> new BundleId("A".repeat(64)));
        assertRefused("sha256", () -> new BundleId("a".repeat(63)));
    }

    @Test
    void runIdsHaveAFormThatFitsACommandsComment() {
        assertTrue(RunId.isOne("run-00000001"));
        assertFalse(RunId.isOne("run-SHOUTED00"));
        assertRefused("not a run id", () -> new RunId("run-short"));
    }

    @Test
    void onlyKnownStatesHaveAMeaning() {
        Set<String> unknown = new HashSet<>();
        Observations.STATES.stream()
                .filter(state -> Lifecycle.of(state) == Lifecycle.UNKNOWN)
                .forEach(unknown::add);
        assertEquals(Set.of("", "pending:wait", "Pending:Meditating"), unknown);
    }

    @Test
    void onlyTheTwoWaitsOfALaunchAreGates() {
        List<String> gates = Observations.STATES.stream()
                .filter(state -> Lifecycle.of(state).gate().isPresent())
                .toList();
        assertEquals(List.of("Pending:Wait", "Warmed:Pending:Wait"), gates);
    }

    @Test
    void anInstanceThatPassedIsInServiceOrAway() {
        Observations.STATES.forEach(state -> {
            boolean isInService = state.equals("InService");
            assertEquals(isInService, Lifecycle.of(state) == Lifecycle.IN_SERVICE, state);
            assertEquals(
                    isInService || Lifecycle.of(state) == Lifecycle.AWAY,
                    Lifecycle.of(state).hasPassed(),
                    state);
        });
        assertEquals(Lifecycle.AWAY, Lifecycle.of("Warmed:Stopped"));
        assertEquals(Lifecycle.AWAY, Lifecycle.of("Standby"));
        assertEquals(Lifecycle.AWAY, Lifecycle.of("Pending:Proceed"));
    }

    @Test
    void anInstanceAtAGateWithoutACredibleStayIsLookedAtAgain() {
        Decision decision = DecisionTable.decide(new Observation(
                T,
                new Observation.Terms(World.fleet(World.WEB, Policy.DEFAULT, World.HOOK), Release.NONE, World.TAKEOVER),
                Lifecycle.AT_SERVICE_GATE,
                Optional.empty(),
                Agent.ABSENT,
                Optional.empty(),
                Optional.empty()));
        assertEquals(
                Decision.Reason.STATE,
                assertInstanceOf(Decision.Wait.class, decision).reason());
    }

    @Test
    void theQuarantineOfABundleThatIsNotCurrentSuspendsNothing() {
        Release release = Release.NONE.withCurrent(World.SECOND);
        assertEquals(
                Suspension.NONE,
                release.opened(World.FIRST, "three failures", LaunchProcess.RUNNING)
                        .suspension());
        assertEquals(
                Suspension.INTENDED,
                release.opened(World.SECOND, "three failures", LaunchProcess.RUNNING)
                        .suspension());
    }

    @Test
    void aDocumentsVersionIsANumber() {
        assertRefused("document.version", () -> new Document("Doc", "$LATEST", Optional.empty()));
        assertRefused("document.version", () -> new Document("Doc", "0", Optional.empty()));
        assertRefused("document.name", () -> new Document("a b", "1", Optional.empty()));
        assertRefused("document.hash", () -> new Document("Doc", "1", Optional.of("short")));
    }

    @Test
    void aFleetRefusesWhatItsApisRefuseAndNamesTheField() {
        assertRefused("hook", () -> fleet("a hook", "playbook.yml", "-v"));
        assertRefused("playbook", () -> fleet("gantry", "playbook.txt", "-v"));
        for (String playbook : List.of("$(reboot).yml", "/etc/x.yml", "-x.yml", "../x.yml", "a/../x.yml", "a//x.yml")) {
            assertRefused("playbook", () -> fleet("gantry", playbook, "-v"));
        }
        for (String playbook : List.of("./site.yml", "site/(a).yaml", ".a/-b..yml")) {
            fleet("gantry", playbook, "-v");
        }
        assertRefused("verbose", () -> fleet("gantry", "playbook.yml", "-vvvvv"));
    }

    @Test
    void theDefaultPolicyIsWhatTheDocumentsSay() {
        Policy policy = Policy.DEFAULT;
        assertEquals(Duration.ofHours(1), policy.launchDeadline());
        assertEquals(Duration.ofMinutes(30), policy.heartbeat());
        assertEquals(Duration.ofMinutes(15), policy.renewal());
        assertEquals(2, policy.attempts());
        assertEquals(Policy.Mode.ENFORCE, policy.mode());
        assertEquals(Duration.ZERO, policy.hold());
    }

    @Test
    void onlyThePolicyWithoutSettingsHasAnUnknownModeAndItsHeartbeatsLastUntilItsDeadline() {
        Policy policy = Policy.WITHOUT_SETTINGS;
        assertEquals(Policy.Mode.UNKNOWN, policy.mode());
        assertEquals(Duration.ofHours(6), policy.launchDeadline());
        assertEquals(Duration.ofMinutes(2), policy.renewal());
        assertTrue(policy.launchDeadline().compareTo(Policy.longestWait(policy.heartbeat())) < 0);
    }

    @Test
    void theBackoffDoublesUpToItsLimit() {
        assertEquals(Duration.ofSeconds(30), Policy.DEFAULT.backoffAfter(1));
        assertEquals(Duration.ofMinutes(1), Policy.DEFAULT.backoffAfter(2));
        assertEquals(Duration.ofMinutes(4), Policy.DEFAULT.backoffAfter(4));
        assertEquals(Policy.MAX_BACKOFF, Policy.DEFAULT.backoffAfter(5));
        assertEquals(Policy.MAX_BACKOFF, Policy.DEFAULT.backoffAfter(10_000));
    }

    @Test
    void theLongestWaitIsTheSmallerOfTwoDaysAndAHundredHeartbeats() {
        assertEquals(Duration.ofSeconds(3000), Policy.longestWait(Duration.ofSeconds(30)));
        assertEquals(Duration.ofHours(48), Policy.longestWait(Duration.ofHours(2)));
    }

    @Test
    void aPolicyRefusesEachFieldThatIsOutOfItsRangeByItsName() {
        assertRefused("heartbeatSeconds", () -> policy(3600, 600, 2, 30, 120, 900, 29, 0));
        assertRefused("heartbeatSeconds", () -> policy(3600, 600, 2, 30, 120, 900, 7201, 0));
        assertRefused("deliveryTimeoutSeconds", () -> policy(3600, 600, 2, 30, 29, 900, 1800, 0));
        assertRefused("deliveryTimeoutSeconds", () -> policy(3600, 600, 2, 30, 2_592_001, 900, 1800, 0));
        assertRefused("runTimeoutSeconds", () -> policy(3600, 600, 2, 30, 120, 4, 1800, 0));
        assertRefused("runTimeoutSeconds", () -> policy(3600, 600, 2, 30, 120, 172_801, 1800, 0));
        assertRefused("backoffSeconds", () -> policy(3600, 600, 2, 0, 120, 900, 1800, 0));
        assertRefused("backoffSeconds", () -> policy(3600, 600, 2, 301, 120, 900, 1800, 0));
        assertRefused("agentDeadlineSeconds", () -> policy(3600, 29, 2, 30, 120, 900, 1800, 0));
        assertRefused("attempts", () -> policy(3600, 600, 0, 30, 120, 900, 1800, 0));
        assertRefused("attempts", () -> policy(3600, 600, 11, 30, 120, 900, 1800, 0));
        assertRefused("onFailure.holdMinutes", () -> policy(3600, 600, 2, 30, 120, 900, 1800, -1));
    }

    @Test
    void aLaunchDeadlineCoversAllItsRunsAndEndsBeforeTheHookDoes() {
        assertRefused("launchDeadlineSeconds must be at least 2670", () -> policy(2669, 600, 2, 30, 120, 900, 1800, 0));
        assertEquals(
                Duration.ofSeconds(2670),
                policy(2670, 600, 2, 30, 120, 900, 1800, 0).launchDeadline());
        assertRefused("launchDeadlineSeconds", () -> policy(3000, 600, 2, 30, 120, 900, 30, 0));
        assertRefused("launchDeadlineSeconds", () -> policy(172_740, 600, 2, 30, 120, 900, 7200, 60));
        assertRefused("launchDeadlineSeconds", () -> policy(Long.MAX_VALUE, 600, 2, 30, 120, 900, 1800, 60));
        assertRefused("hold", () -> policy(3600, 600, 2, 30, 120, 900, 1800, Long.MAX_VALUE));
    }

    @Test
    void aReleaseLaunchesItsCurrentBundleUnlessThatIsQuarantined() {
        Release release = Release.NONE.withCurrent(World.FIRST);
        assertEquals(Optional.of(World.FIRST), release.launchable());
        Release broken = release.opened(World.FIRST, "why", LaunchProcess.RUNNING);
        assertEquals(Optional.empty(), broken.launchable());
        assertTrue(broken.isQuarantined(World.FIRST));
        assertEquals(Optional.of(World.FIRST), broken.lifted(World.FIRST, T).launchable());
        assertEquals(
                Suspension.INTENDED,
                broken.lifted(World.FIRST, T).suspension(),
                "lifting a quarantine resumes nothing by itself");
    }

    @Test
    void theBreakersLimitsAreRefusedByName() {
        assertRefused("breaker.failures must be 1 to 100, not 101", () -> new BreakerLimits(101, 10));
        assertRefused("breaker.abandonments must be 1 to 1000, not 0", () -> new BreakerLimits(3, 0));
        assertEquals(new BreakerLimits(3, 10), Policy.DEFAULT.breaker());
    }

    @Test
    void theTimeFromWhichFailuresCountNeverGoesBack() {
        Release release = Release.NONE.withCurrent(World.FIRST).succeeded(World.FIRST, T);
        assertEquals(release, release.succeeded(World.FIRST, T.minusSeconds(1)));
        assertEquals(Optional.of(T), release.countFrom(World.FIRST));
    }

    @Test
    void theSuccessOfABundleThatIsNeitherCurrentNorTheLastGoodOneChangesNothing() {
        Release release = Release.NONE.withCurrent(World.FIRST).succeeded(World.FIRST, T);
        assertEquals(release, release.succeeded(World.SECOND, T.plusSeconds(1)));
        Release moved = release.withCurrent(World.SECOND).succeeded(World.FIRST, T.plusSeconds(1));
        assertEquals(Optional.of(T.plusSeconds(1)), moved.countFrom(World.FIRST), "the last good one still counts");
    }

    @Test
    void aReleaseRemembersTheSuccessesOfItsTwentyNewestBundles() {
        Release release = Release.NONE;
        for (int n = 1; n <= 25; n++) {
            release = release.withCurrent(World.bundle(n)).succeeded(World.bundle(n), T.plusSeconds(n));
        }
        assertEquals(BreakerState.KEPT, release.breaker().countFrom().size());
        assertEquals(Optional.empty(), release.countFrom(World.bundle(5)));
        assertEquals(Optional.of(T.plusSeconds(6)), release.countFrom(World.bundle(6)));
    }

    @Test
    void anAgentThatWasHeardOnlyBeforeTheEarlierStayEndedIsNotReachable() {
        Agent agent = new Agent(true, Optional.of(T));
        assertTrue(agent.isReachable(Optional.empty()));
        assertTrue(agent.isReachable(Optional.of(T.minusSeconds(1))));
        assertFalse(agent.isReachable(Optional.of(T)));
        assertFalse(new Agent(false, Optional.of(T)).isReachable(Optional.empty()));
        assertFalse(new Agent(true, Optional.empty()).isReachable(Optional.of(T)));
        assertTrue(new Agent(true, Optional.empty()).isReachable(Optional.empty()));
    }

    @Test
    void aFailureKeepsOnlyWhatPeopleRead() {
        Failure failure = new Failure("step", Optional.empty(), "a\u001b[31m" + "b".repeat(900), 2, "x".repeat(9000));
        assertEquals(500, failure.message().length());
        assertFalse(failure.message().contains("\u001b"));
        assertEquals(Failure.TAIL_LIMIT, failure.tail().length());
        assertTrue(failure.summary().startsWith("step step exited 2: "));
        assertEquals("task 'start nginx': unit not found", World.BROKEN_PLAY.summary());
    }

    @Test
    void absenceIsProvenByThreeLooksOverAMinute() {
        Attempt.Absence two = Attempt.Absence.NONE.seen(T).seen(T.plusSeconds(60));
        assertFalse(two.isProven());
        assertFalse(Attempt.Absence.NONE.seen(T).seen(T).seen(T.plusSeconds(59)).isProven());
        assertTrue(two.seen(T.plusSeconds(60)).isProven());
    }

    @Test
    void silenceIsProvenByThreeLooksOverAMinute() {
        Silence two = Silence.from(T).goesOn(T.plusSeconds(60));
        assertFalse(two.isProven());
        assertFalse(Silence.from(T).goesOn(T).goesOn(T.plusSeconds(59)).isProven());
        assertTrue(two.goesOn(T.plusSeconds(60)).isProven());
        assertEquals(T, two.since());
    }

    @Test
    void aFallbackLeavesRoomForOneRunBeforeTheLaunchDeadline() {
        Policy.DEFAULT.with(Fallback.whenUnreachable(Duration.ofMinutes(43)));
        assertRefused(
                "fallback.afterSeconds must be at most 2580",
                () -> Policy.DEFAULT.with(Fallback.whenUnreachable(Duration.ofSeconds(2581))));
        assertRefused("fallback.afterSeconds must be 1 or more", () -> Fallback.whenUnreachable(Duration.ZERO));
        assertRefused(
                "fallback.afterSeconds has no meaning", () -> new Fallback(Fallback.Use.NEVER, Duration.ofSeconds(1)));
    }

    @Test
    void aFallbackNeedsADocumentThatKnowsRunsByTheirId() {
        Policy policy = Policy.DEFAULT.with(Fallback.whenUnreachable(Duration.ofMinutes(10)));
        assertRefused(
                "fallback.use needs a document",
                () -> new Fleet(World.WEB, "gantry", World.DOCUMENT, "playbook.yml", "SSM=True", false, "-v", policy));
    }

    @Test
    void aRunOverTheBastionKeepsItsCommandAndCountsItsQuestions() {
        Attempt sent = Attempt.claimed(1, new RunId("run-00000001"), "one", World.FIRST, T)
                .sent("command");
        Attempt begunOverTheBastion = sent.overTheBastion("two", "SSM is away", T.plusSeconds(5));
        assertEquals(Channel.SSM, sent.channel());
        assertEquals(Channel.BASTION, begunOverTheBastion.channel());
        assertEquals(Optional.of("command"), begunOverTheBastion.commandId());
        assertEquals(sent.runId(), begunOverTheBastion.runId());
        Attempt.Detour asked =
                begunOverTheBastion.asked(T.plusSeconds(20)).detour().orElseThrow();
        assertEquals(new Attempt.Detour("SSM is away", 2, T.plusSeconds(20)), asked);
    }

    @Test
    void thePoliciesOfTheseTestsDifferFromTheDefaultInOneThing() {
        assertEquals(Policy.DEFAULT, Policies.attempts(Policy.DEFAULT.attempts()));
    }

    private static Fleet fleet(String hook, String playbook, String verbose) {
        return new Fleet(World.WEB, hook, World.DOCUMENT, playbook, "SSM=True", false, verbose, Policy.DEFAULT);
    }

    private static Policy policy(
            long launch, long agent, int attempts, long backoff, long delivery, long run, long heartbeat, long hold) {
        return new PolicyBuilder()
                .launchDeadline(Duration.ofSeconds(launch))
                .agentDeadline(Duration.ofSeconds(agent))
                .attempts(attempts)
                .backoff(Duration.ofSeconds(backoff))
                .deliveryTimeout(Duration.ofSeconds(delivery))
                .runTimeout(Duration.ofSeconds(run))
                .heartbeat(Duration.ofSeconds(heartbeat))
                .hold(Duration.ofSeconds(hold))
                .mode(Policy.Mode.ENFORCE)
                .breaker(BreakerLimits.DEFAULT)
                .build();
    }

    private static void assertRefused(String field, org.junit.jupiter.api.function.Executable construction) {
        String message =
                assertThrows(IllegalArgumentException.class, construction).getMessage();
        assertTrue(message.contains(field), message);
    }

    @Test
    void theHardenedDocumentIsKnownByItsNameAlsoAtTheEndOfAnArn() {
        assertTrue(Document.isHardened(Document.HARDENED));
        assertTrue(Document.isHardened("arn:aws:ssm:eu-central-1:111122223333:document/" + Document.HARDENED));
        assertFalse(Document.isHardened("AWS-ApplyAnsiblePlaybooks"));
        assertFalse(Document.isHardened("My-" + Document.HARDENED));
    }

    @Test
    void anInterventionLastsUntilTheLaterOfWhatWasAskedFor() {
        Intervention held = Intervention.NONE.with(new Intervention.Hold(T.plusSeconds(60), "ann", T));
        Intervention both = held.with(new Intervention.Retry(2, T.plusSeconds(90), "ann", T));
        assertEquals(Optional.empty(), Intervention.NONE.until());
        assertEquals(Optional.of(T.plusSeconds(60)), held.until());
        assertEquals(Optional.of(T.plusSeconds(90)), both.until());
    }

    /** Each of the two documents refuses other characters. */
    @Test
    void extraVariablesAreRefusedWithTheCharactersThatTheirDocumentRefuses() {
        assertRefused("none of | : ( ) ; & anywhere: AWS-ApplyAnsiblePlaybooks", () -> extra(World.DOCUMENT, "a=b;c"));
        assertRefused("none of | : ( ) ; & $ ` \" \\ anywhere: Gantry-", () -> extra(World.HARDENED, "a=$b"));
        extra(World.DOCUMENT, "a=$b");
    }

    private static Fleet extra(Document document, String variables) {
        return new Fleet(World.WEB, "gantry", document, "playbook.yml", variables, false, "-v", Policy.DEFAULT);
    }

    @Test
    void aTextThatIsNotLongerThanItsLimitIsNotCut() {
        assertEquals("abc", Text.clip("abc", 3));
        assertEquals("ab…", Text.clip("abcd", 3));
        assertEquals("abc", Text.tail("abc", 3));
        assertEquals("…cd", Text.tail("abcd", 3));
    }

    @Test
    void troubleIsTheSameWhateverItsMessageQuotes() {
        String one = "DescribeInstanceInformation of 12 instances: AccessDenied: User:"
                + " arn:aws:sts::111122223333:assumed-role/gantry-sweep/gantry-sweep is not authorized (Request ID:"
                + " 0a1b2c3d-0000-1111-2222-333344445555)";
        String other = "DescribeInstanceInformation of 1 instances: AccessDenied: User:"
                + " arn:aws:sts::111122223333:assumed-role/gantry-operator/x is not authorized (Request ID: ABC123)";
        assertTrue(trouble(one).isSameAs(trouble(other)), Text.stable(one) + " | " + Text.stable(other));
        assertTrue(trouble("run-0123456789abcdef failed on i-0123456789abcdef0")
                .isSameAs(trouble("run-fedcba9876543210 failed on i-0aaaaaaaaaaaaaaaa")));
        assertFalse(trouble("document D has no version 7").isSameAs(trouble("document D has no version 8")));
        assertFalse(trouble(one).isSameAs(new Trouble(Trouble.Kind.RETRYABLE, one, T)));
    }

    private static Trouble trouble(String message) {
        return new Trouble(Trouble.Kind.MISCONFIGURED, message, T);
    }
}
