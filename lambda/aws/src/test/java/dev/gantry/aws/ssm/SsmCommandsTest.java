package dev.gantry.aws.ssm;

import static dev.gantry.stored.Samples.BUNDLE;
import static dev.gantry.stored.Samples.NOW;
import static dev.gantry.stored.Samples.RUN;
import static dev.gantry.stored.Samples.instance;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.AwsClients;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.Commands.Sent;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.stored.Json;
import dev.gantry.stored.Samples;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SsmCommandsTest {
    private static final RunOrder ORDER = new RunOrder(Samples.fleet(), BUNDLE, RUN, 2);
    private static final String COMMAND = "11111111-2222-3333-4444-555555555555";
    private static final String URL =
            "https://s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/web/" + BUNDLE.sha256() + ".zip";

    @Test
    void aRunIsSentWithEverythingPinned() {
        run(call -> accepted(COMMAND), (aws, commands) -> {
            RunOrder hashed =
                    new RunOrder(Samples.fleet(new FleetName("web"), Optional.of("0".repeat(64))), BUNDLE, RUN, 2);

            assertEquals(Map.of(instance(1), new Sent.Accepted(COMMAND)), commands.send(hashed, List.of(instance(1))));

            assertEquals(
                    Json.tree(
                            """
                            {"InstanceIds":["i-00000000000000001"],"DocumentName":"AWS-ApplyAnsiblePlaybooks",
                            "DocumentVersion":"7","DocumentHash":"HASH","DocumentHashType":"Sha256","TimeoutSeconds":120,
                            "Comment":"gantry run-0123456789abcdef abababababab a2","MaxConcurrency":"100%","MaxErrors":"100%",
                            "Parameters":{"SourceType":["S3"],"SourceInfo":["{\\"path\\":\\"URL\\"}"],
                            "InstallDependencies":["False"],"PlaybookFile":["playbook.yml"],
                            "ExtraVariables":["SSM=True gantry_bundle=BUNDLE"],
                            "Check":["False"],"Verbose":["-v"],"TimeoutSeconds":["900"]}}"""
                                    .replace("HASH", "0".repeat(64))
                                    .replace("BUNDLE", BUNDLE.sha256())
                                    .replace("URL", URL)),
                    Optional.of(aws.calls().get(0).json()));
        });
    }

    @Test
    void theHardenedDocumentGetsTheRunsIdTheBundlesHashAndAPlaceForDiagnostics() {
        Map<String, String> own = Map.of("AnsibleVersion", "2.17");
        Document document = new Document("Gantry-ApplyAnsiblePlaybooks", "3", Optional.empty(), true, own);
        RunOrder order = new RunOrder(Samples.fleet(new FleetName("web/eu"), document), BUNDLE, RUN, 1);
        run(call -> accepted(COMMAND), (aws, commands) -> {
            commands.send(order, List.of(instance(1)));

            JsonNode parameters = aws.calls().get(0).json().path("Parameters");
            assertEquals("[\"run-0123456789abcdef\"]", parameters.path("RunId").toString());
            assertEquals(
                    "[\"" + BUNDLE.sha256() + "\"]",
                    parameters.path("BundleSha256").toString());
            assertEquals(
                    "[\"https://s3.eu-central-1.amazonaws.com/gantry-sandbox/diagnostics/web%252Feu\"]",
                    parameters.path("DiagnosticsUri").toString());
            assertEquals("[\"2.17\"]", parameters.path("AnsibleVersion").toString());
        });
    }

    @Test
    void settingsMaySendDiagnosticsElsewhere() {
        Map<String, String> own = Map.of("DiagnosticsUri", "");
        Document document = new Document("Gantry-ApplyAnsiblePlaybooks", "3", Optional.empty(), true, own);
        run(call -> accepted(COMMAND), (aws, commands) -> {
            commands.send(
                    new RunOrder(Samples.fleet(new FleetName("web"), document), BUNDLE, RUN, 1), List.of(instance(1)));

            assertEquals(
                    "[\"\"]",
                    aws.calls()
                            .get(0)
                            .json()
                            .path("Parameters")
                            .path("DiagnosticsUri")
                            .toString());
        });
    }

    @Test
    void noInstanceIsNoCallAndMoreThanFiftyAreAProgrammingError() {
        run(call -> accepted(COMMAND), (aws, commands) -> {
            assertEquals(Map.of(), commands.send(ORDER, List.of()));
            assertEquals(List.of(), aws.calls());
            assertThrows(IllegalArgumentException.class, () -> commands.send(ORDER, Samples.instances(51)));
        });
    }

    @Test
    void instancesThatTheErrorNamesAreLeftOutAndTheRestIsSent() {
        run(refusing(Set.of(instance(3), instance(7)), true), (aws, commands) -> {
            Map<InstanceId, Sent> sent = commands.send(ORDER, Samples.instances(50));

            assertNotRegistered(sent, 50, instance(3), instance(7));
            assertEquals(2, aws.calls().size());
        });
    }

    @Test
    void withoutNamesTheBatchIsHalvedUntilTheAbsentInstancesAreFound() {
        run(refusing(Set.of(instance(1), instance(50)), false), (aws, commands) -> {
            Map<InstanceId, Sent> sent = commands.send(ORDER, Samples.instances(50));

            assertNotRegistered(sent, 50, instance(1), instance(50));
            assertTrue(aws.calls().size() < 30, aws.calls().size() + " calls");
            assertEquals(
                    Set.of(aws.calls().get(0).json().path("Comment")),
                    new HashSet<>(aws.calls().stream()
                            .map(call -> call.json().path("Comment"))
                            .toList()));
        });
    }

    @Test
    void noInstanceGetsTheCommandTwice() {
        run(refusing(Set.of(instance(9)), false), (aws, commands) -> {
            commands.send(ORDER, Samples.instances(20));

            List<String> reached = aws.calls().stream()
                    .filter(call -> ids(call).stream().noneMatch(instance(9)::equals))
                    .flatMap(call -> ids(call).stream())
                    .map(InstanceId::value)
                    .toList();
            assertEquals(19, reached.size());
            assertEquals(19, new HashSet<>(reached).size());
        });
    }

    @Test
    void ifAllAreAbsentNothingIsSent() {
        run(refusing(new HashSet<>(Samples.instances(3)), true), (aws, commands) -> {
            assertNotRegistered(commands.send(ORDER, Samples.instances(3)), 3, instance(1), instance(2), instance(3));
            assertEquals(1, aws.calls().size());
        });
    }

    @Test
    void aServersErrorIsUnclearAndIsNotRepeated() {
        run(call -> Response.error(500, "InternalServerError", "oops"), SsmCommandsTest::assertUnclearAfterOneRequest);
    }

    @Test
    void aLostConnectionIsUnclearAndIsNotRepeated() {
        run(call -> Response.LOST, SsmCommandsTest::assertUnclearAfterOneRequest);
    }

    @Test
    void aTimeoutIsUnclearAndIsNotRepeated() {
        CountDownLatch never = new CountDownLatch(1);
        Function<Call, Response> silent = call -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Response.LOST;
        };
        try (LoopbackAws aws = new LoopbackAws(silent);
                AwsClients hasty = LoopbackAws.clientsOf(aws.endpoint(), Duration.ofSeconds(2))) {
            assertUnclearAfterOneRequest(aws, commands(hasty));
        }
    }

    private static void assertUnclearAfterOneRequest(LoopbackAws aws, SsmCommands commands) {
        Map<InstanceId, Sent> sent = commands.send(ORDER, Samples.instances(2));

        assertInstanceOf(Sent.Unclear.class, sent.get(instance(1)));
        assertInstanceOf(Sent.Unclear.class, sent.get(instance(2)));
        assertEquals(1, aws.calls().size());
    }

    @Test
    void aThrottledSendIsRepeatedByItself() {
        Function<Call, Response> script =
                LoopbackAws.inOrder(Response.error(400, "ThrottlingException", "Rate exceeded"), accepted(COMMAND));
        run(script, (aws, commands) -> {
            assertEquals(Map.of(instance(1), new Sent.Accepted(COMMAND)), commands.send(ORDER, List.of(instance(1))));
            assertEquals(2, aws.calls().size());
        });
    }

    @Test
    void oneRefusalIsOneMisconfigurationWhateverTheRunAndHoweverManyInstances() {
        RunOrder other = new RunOrder(ORDER.fleet(), ORDER.bundle(), new RunId("run-fedcba9876543210"), 2);
        run(call -> Response.error(400, "InvalidParameters", "no"), (aws, commands) -> {
            GantryException one = refusal(commands.send(ORDER, Samples.instances(2)));
            GantryException another = refusal(commands.send(other, Samples.instances(1)));

            assertEquals(one.key(), another.key());
            assertNotEquals(one.getMessage(), another.getMessage());
        });
    }

    private static GantryException refusal(Map<InstanceId, Sent> sent) {
        return assertInstanceOf(Sent.Refused.class, sent.get(instance(1))).error();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AccessDeniedException", "InvalidDocument", "InvalidDocumentVersion", "InvalidParameters"})
    void aDefiniteRefusalIsMisconfiguredForEveryInstance(String code) {
        run(call -> Response.error(400, code, "no"), (aws, commands) -> {
            Map<InstanceId, Sent> sent = commands.send(ORDER, Samples.instances(2));

            Sent.Refused refused = assertInstanceOf(Sent.Refused.class, sent.get(instance(2)));
            assertInstanceOf(GantryException.Misconfigured.class, refused.error());
            assertTrue(
                    refused.error()
                            .getMessage()
                            .startsWith("SendCommand run-0123456789abcdef on 2 instances of fleet web with document"
                                    + " AWS-ApplyAnsiblePlaybooks:7: " + code + ": no; "),
                    refused.error().getMessage());
            assertEquals(1, aws.calls().size());
        });
    }

    @Test
    void readingIsRepeatedAfterAServersError() {
        Function<Call, Response> script = LoopbackAws.inOrder(
                Response.error(500, "InternalServerError", "oops"), Response.json("{\"CommandInvocations\":[]}"));
        run(
                script,
                (aws, commands) ->
                        assertEquals(Map.of(COMMAND, Map.of()), commands.progress(List.of(COMMAND, COMMAND))));
    }

    @Test
    void everyPageOfInvocationsIsRead() {
        Function<Call, Response> script = call -> call.json().has("NextToken")
                ? invocations(2, "Success", "Success", "[]")
                : Response.json("{\"CommandInvocations\":[" + invocation(1, "Delayed", "Delayed", "[]")
                        + "],\"NextToken\":\"n\"}");
        run(script, (aws, commands) -> {
            Map<InstanceId, Progress> progress =
                    commands.progress(List.of(COMMAND)).get(COMMAND);

            assertEquals(
                    Map.of(
                            instance(1),
                            new Progress.UnderWay("Delayed"),
                            instance(2),
                            new Progress.Ended(new Verdict.Succeeded())),
                    progress);
            JsonNode request = aws.calls().get(0).json();
            assertEquals(50, request.path("MaxResults").intValue());
            assertTrue(request.path("Details").booleanValue());
        });
    }

    /** A command by hand, to any node of Systems Manager. */
    @Test
    void onlyTheInstancesAreReadOfACommandThatHasOtherNodesToo() {
        String node =
                invocation(1, "Success", "Success", "[]").replace(instance(1).value(), "mi-00000000000000001");
        Function<Call, Response> script = call -> Response.json(
                "{\"CommandInvocations\":[" + node + "," + invocation(2, "Success", "Success", "[]") + "]}");
        run(
                script,
                (aws, commands) -> assertEquals(
                        Map.of(instance(2), new Progress.Ended(new Verdict.Succeeded())),
                        commands.progress(List.of(COMMAND)).get(COMMAND)));
    }

    @ParameterizedTest
    @CsvSource({
        "Failed, Undeliverable, Failed (Undeliverable)",
        "TimedOut, DeliveryTimedOut, TimedOut (DeliveryTimedOut)",
        "Cancelled, Cancelled, Cancelled"
    })
    void anUndeliveredRunIsNoFailure(String status, String details, String said) {
        run(
                call -> invocations(1, status, details, "[]"),
                (aws, commands) -> assertEquals(
                        new Progress.Ended(new Verdict.Undelivered(said)),
                        commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1))));
    }

    @Test
    void aFailedRunIsExplainedByTheFirstStepThatFailed() {
        String steps = "[{\"Name\":\"downloadContent\",\"Status\":\"Success\",\"ResponseCode\":0},"
                + "{\"Name\":\"runShellScript\",\"Status\":\"Failed\",\"ResponseCode\":2,\"Output\":\"cut\"}]";
        String stdout = "TASK [Install] ****\nfatal: [localhost]: FAILED! => {\"msg\": \"no package\"}\n";
        Function<Call, Response> script = call -> call.action().equals("GetCommandInvocation")
                ? Response.json(Json.object()
                        .put("StandardOutputContent", stdout)
                        .put("StandardErrorContent", "")
                        .toString())
                : invocations(1, "Failed", "Failed", steps);
        run(script, (aws, commands) -> {
            assertEquals(
                    new Progress.Ended(new Verdict.RunFailed(
                            new Failure("runShellScript", Optional.of("Install"), "no package", 2, stdout))),
                    commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1)));
            assertEquals(
                    "runShellScript",
                    aws.calls("GetCommandInvocation")
                            .get(0)
                            .json()
                            .path("PluginName")
                            .textValue());
        });
    }

    @Test
    void ifTheFullOutputCannotBeReadTheShortOneIsUsed() {
        String steps =
                "[{\"Name\":\"runShellScript\",\"Status\":\"Failed\",\"ResponseCode\":1,\"Output\":\"disk full\"}]";
        Function<Call, Response> script = call -> call.action().equals("GetCommandInvocation")
                ? Response.error(400, "InvocationDoesNotExist", "")
                : invocations(1, "Failed", "Failed", steps);
        run(
                script,
                (aws, commands) -> assertEquals(
                        new Progress.Ended(new Verdict.RunFailed(
                                new Failure("runShellScript", Optional.empty(), "disk full", 1, "disk full"))),
                        commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1))));
    }

    @Test
    void aBundleThatCouldNotBeFetchedIsNoFailureOfTheBundle() {
        String steps =
                "[{\"Name\":\"downloadContent\",\"Status\":\"Failed\",\"ResponseCode\":1,\"Output\":\"AccessDenied\"},{\"Name\":\"runShellScript\",\"Status\":\"Failed\",\"ResponseCode\":2,\"Output\":\"no"
                        + " playbook\"}]";
        Function<Call, Response> script = call -> call.action().equals("GetCommandInvocation")
                ? Response.error(400, "InvocationDoesNotExist", "")
                : invocations(1, "Failed", "Failed", steps);
        run(
                script,
                (aws, commands) -> assertEquals(
                        new Progress.Ended(new Verdict.Refused("step downloadContent: AccessDenied")),
                        commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1))));
    }

    @Test
    void aFailedWheelhouseDownloadIsNoFailureOfTheBundle() {
        assertEquals(
                new Progress.Ended(new Verdict.Refused("step downloadWheelhouse: AccessDenied")),
                ended("downloadWheelhouse", "AccessDenied"));
    }

    @Test
    void theHardenedDocumentsLineNamesTheFailingTaskAndTheRestIsTheTail() {
        String line =
                "{\"gantry\":1,\"kind\":\"playbook\",\"fault\":\"bundle\",\"message\":\"rc 3\",\"task\":\"Install\"}";
        assertEquals(
                new Progress.Ended(new Verdict.RunFailed(
                        new Failure("runShellScript", Optional.of("Install"), "playbook: rc 3", 1, "PLAY [all]\n"))),
                ended("runShellScript", line + "\nPLAY [all]\n"));
    }

    @Test
    void aFailureOfTheInstanceIsRefusedAndARunThatWasEndedFromOutsideIsTriedAgain() {
        assertEquals(
                new Progress.Ended(new Verdict.Refused("step runShellScript: dependencies: no Ansible")),
                ended(
                        "runShellScript",
                        "{\"gantry\":1,\"kind\":\"dependencies\",\"fault\":\"instance\",\"message\":\"no"
                                + " Ansible\"}\n"));
        assertEquals(
                new Progress.Ended(Verdict.Undelivered.bySurroundings("busy: another run")),
                ended(
                        "runShellScript",
                        "{\"gantry\":1,\"kind\":\"busy\",\"fault\":\"nobody\",\"message\":\"another run\"}\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal: terminated", "signal: hangup", "exit status 143", "exit status 129"})
    void aRunThatAShutdownEndsIsNoFailureOfTheBundle(String end) {
        assertEquals(
                new Progress.Ended(
                        Verdict.Undelivered.bySurroundings("step runShellScript was ended from outside: " + end)),
                ended("runShellScript", TASK_RUNS, "failed to run commands: " + end));
    }

    @ParameterizedTest
    @ValueSource(strings = {"signal: killed", "exit status 2", "exit status 1430", "signal: segmentation fault"})
    void anyOtherEndOfARunIsAFailureOfTheBundle(String end) {
        Progress.Ended ended = ended("runShellScript", TASK_RUNS, "failed to run commands: " + end);

        assertInstanceOf(Verdict.RunFailed.class, ended.verdict());
    }

    @Test
    void aPlayThatPrintsAboutSignalsWasNotEndedFromOutside() {
        String said = "failed to run commands: signal: terminated\nfailed to run commands: exit status 2";

        assertInstanceOf(
                Verdict.RunFailed.class,
                ended("runShellScript", TASK_RUNS, said).verdict());
    }

    private static final String TASK_RUNS = "PLAY [all] ****\n\nTASK [Install] ****\n";

    /** The verdict on a successful run whose step shows this output in lists, and this full output. */
    private static Verdict succeeded(String shown, String stdout, String stderr) {
        JsonNode output = Json.object().put("Output", shown).path("Output");
        String steps = "[{\"Name\":\"downloadContent\",\"Status\":\"Success\",\"ResponseCode\":0,"
                + "\"Output\":\"Content downloaded to /x/downloads/\"},"
                + "{\"Name\":\"runShellScript\",\"Status\":\"Success\",\"ResponseCode\":0,\"Output\":" + output + "}]";
        Function<Call, Response> script = call -> call.action().equals("GetCommandInvocation")
                ? Response.json(Json.object()
                        .put("StandardOutputContent", stdout)
                        .put("StandardErrorContent", stderr)
                        .toString())
                : invocations(1, "Success", "Success", steps);
        AtomicReference<Progress> found = new AtomicReference<>();
        run(
                script,
                (aws, commands) -> found.set(
                        commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1))));
        return assertInstanceOf(Progress.Ended.class, found.get()).verdict();
    }

    private static final String NO_HOST = "\nPLAY [tag_role_web] ****\nskipping: no hosts matched\n\nPLAY RECAP ****\n";
    private static final String LISTED = "  inflating: roles/a/tasks/main.yml\n";

    @Test
    void aRunInWhichNoPlayMatchedTheHostFailed() {
        for (String shown : List.of(LISTED + NO_HOST, LISTED.repeat(60) + "\n---Output truncated---")) {
            Failure failure = assertInstanceOf(
                            Verdict.RunFailed.class, succeeded(shown, LISTED.repeat(60) + NO_HOST, ""))
                    .failure();
            assertTrue(
                    failure.message()
                            .startsWith("no task ran on this instance: the play for 'tag_role_web' matches no"),
                    failure.message());
            assertEquals("runShellScript", failure.step());
        }
    }

    @Test
    void aRunWhoseOutputDoesNotProveAFailureSucceeded() {
        String ran = "\nPLAY [all] ****\n\nTASK [a] ****\nok: [localhost]\n\nPLAY RECAP ****\nlocalhost : ok=1\n";
        assertEquals(new Verdict.Succeeded(), succeeded(ran, "", ""));
        assertEquals(new Verdict.Succeeded(), succeeded("", "", ""));
        assertEquals(new Verdict.Succeeded(), succeeded("done\n", "done\n", ""));
        assertEquals(new Verdict.Succeeded(), succeeded(NO_HOST + ran, NO_HOST + ran, ""));
        String cut = LISTED.repeat(60) + "\n---Output truncated---";
        assertEquals(new Verdict.Succeeded(), succeeded(cut, LISTED.repeat(700) + "--output truncated--", ""));
        assertEquals(new Verdict.Succeeded(), succeeded(cut, LISTED.repeat(60) + ran, ""));
        // The hardened document checks this itself.
        String line = "{\"gantry\":1,\"ok\":true,\"kind\":\"success\"}\n" + NO_HOST;
        assertEquals(new Verdict.Succeeded(), succeeded(line, line, ""));
    }

    @Test
    void aRunThatAppliedADamagedBundleFailed() {
        String ran = "\nPLAY [all] ****\n\nTASK [a] ****\nok: [localhost]\n";
        String crc = "roles/a/x.bin    bad CRC 1234abcd  (should be 5678abcd)\n";
        Failure failure = assertInstanceOf(
                        Verdict.RunFailed.class, succeeded(ran + "\n----------ERROR-------\n" + crc, ran, crc))
                .failure();
        assertTrue(failure.message().contains("bad CRC 1234abcd"), failure.message());
    }

    @Test
    void ifAwssDocumentCannotUnpackItIsAFailureOfTheInstance() {
        Verdict.Refused refused = assertInstanceOf(
                Verdict.Refused.class,
                assertInstanceOf(
                                Progress.Ended.class,
                                ended(
                                        "runShellScript",
                                        "find: 'unzip': No such file or directory\nPlaybook file doesn't exist\n"))
                        .verdict());
        assertTrue(refused.detail().contains("unzip is not installed"), refused.detail());
    }

    @Test
    void aRunThatTookTooLongDoesNotNameATaskIfItsOutputIsCut() {
        String steps = "[{\"Name\":\"runShellScript\",\"Status\":\"TimedOut\",\"ResponseCode\":137,\"Output\":\"\"}]";
        Function<Call, Response> script = call -> call.action().equals("GetCommandInvocation")
                ? Response.json("{\"StandardOutputContent\":\"TASK [Download videos] ****\\n--output truncated--\"}")
                : invocations(1, "TimedOut", "ExecutionTimedOut", steps);
        run(script, (aws, commands) -> {
            Progress.Ended ended = assertInstanceOf(
                    Progress.Ended.class,
                    commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1)));
            Failure failure =
                    assertInstanceOf(Verdict.RunFailed.class, ended.verdict()).failure();
            assertEquals(Optional.empty(), failure.task());
            assertTrue(failure.message().endsWith("that the output shows is 'Download videos'"), failure.message());
        });
    }

    /** The verdict on a run whose step failed with this output. */
    private static Progress ended(String step, String stdout) {
        return ended(step, stdout, "");
    }

    private static Progress.Ended ended(String step, String stdout, String stderr) {
        String steps = "[{\"Name\":\"" + step + "\",\"Status\":\"Failed\",\"ResponseCode\":1,\"Output\":\"\"}]";
        Function<Call, Response> script = call -> call.action().equals("GetCommandInvocation")
                ? Response.json(Json.object()
                        .put("StandardOutputContent", stdout)
                        .put("StandardErrorContent", stderr)
                        .toString())
                : invocations(1, "Failed", "Failed", steps);
        AtomicReference<Progress> found = new AtomicReference<>();
        run(
                script,
                (aws, commands) -> found.set(
                        commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1))));
        return assertInstanceOf(Progress.Ended.class, found.get());
    }

    @Test
    void aRunThatTookTooLongSaysSoAndWhereItWas() {
        String steps = "[{\"Name\":\"runShellScript\",\"Status\":\"TimedOut\",\"ResponseCode\":137,\"Output\":\"\"}]";
        Function<Call, Response> script = call -> call.action().equals("GetCommandInvocation")
                ? Response.json("{\"StandardOutputContent\":\"TASK [Download videos] ****\\n\"}")
                : invocations(1, "TimedOut", "ExecutionTimedOut", steps);
        run(script, (aws, commands) -> {
            Progress.Ended ended = assertInstanceOf(
                    Progress.Ended.class,
                    commands.progress(List.of(COMMAND)).get(COMMAND).get(instance(1)));
            Failure failure =
                    assertInstanceOf(Verdict.RunFailed.class, ended.verdict()).failure();
            assertEquals(Optional.of("Download videos"), failure.task());
            assertEquals(137, failure.exitCode());
            assertTrue(failure.message().contains("runTimeoutSeconds"), failure.message());
        });
    }

    @Test
    void theCommandsOfARunAreFoundByTheirComment() {
        String commands = "{\"Commands\":["
                + command(COMMAND, "gantry run-0123456789abcdef abababababab a1", 1) + ","
                + command("c2", "gantry run-0123456789abcdef abababababab a1", 2) + ","
                + command("c3", "gantry run-0123456789abcdefg abababababab a1", 3) + ","
                + command("c4", "by hand: run-0123456789abcdef", 4) + ",{\"CommandId\":\"c5\"}]}";
        run(call -> Response.json(commands), (aws, ssm) -> {
            assertEquals(Map.of(instance(1), COMMAND, instance(2), "c2"), ssm.find(RUN, NOW.plusMillis(1)));
            JsonNode filter = aws.calls().get(0).json().path("Filters").path(0);
            assertEquals("InvokedAfter", filter.path("key").textValue());
            assertEquals("2026-01-31T11:58:00Z", filter.path("value").textValue());
        });
    }

    @Test
    void aSearchThatCannotEndProvesNoAbsence() {
        AtomicInteger pages = new AtomicInteger();
        Function<Call, Response> endless =
                call -> Response.json("{\"Commands\":[],\"NextToken\":\"" + pages.incrementAndGet() + "\"}");
        run(endless, (aws, commands) -> {
            assertThrows(GantryException.Retryable.class, () -> commands.find(RUN, NOW));
            assertTrue(aws.calls().size() <= 21, aws.calls().size() + " calls");
        });
    }

    @Test
    void aCommandIsDescribedWithAllThatDecidesWhetherItCounts() {
        String mine = "{\"CommandId\":\"" + COMMAND
                + "\",\"DocumentName\":\"AWS-ApplyAnsiblePlaybooks\",\"DocumentVersion\":\"7\","
                + "\"RequestedDateTime\":" + NOW.getEpochSecond()
                + ",\"Comment\":\"gantry run-0123456789abcdef abababababab a1\","
                + "\"Parameters\":{\"SourceInfo\":[\"{\\\"path\\\":\\\"" + URL + "\\\"}\"]}}";
        run(
                call -> Response.json("{\"Commands\":[" + mine + "]}"),
                (aws, commands) -> assertEquals(
                        Optional.of(new Commands.Command(
                                "AWS-ApplyAnsiblePlaybooks", "7", Optional.of(BUNDLE), Optional.of(RUN), NOW)),
                        commands.describe(COMMAND)));
    }

    @Test
    void aCheckRunAppliesNoBundle() {
        String check = "{\"CommandId\":\"" + COMMAND
                + "\",\"DocumentName\":\"AWS-ApplyAnsiblePlaybooks\",\"RequestedDateTime\":1,"
                + "\"Parameters\":{\"Check\":[\"True\"],\"SourceInfo\":[\"{\\\"path\\\":\\\"" + URL + "\\\"}\"]}}";
        run(
                call -> Response.json("{\"Commands\":[" + check + "]}"),
                (aws, commands) -> assertEquals(
                        Optional.empty(),
                        commands.describe(COMMAND).orElseThrow().bundle()));
    }

    @Test
    void anUnknownCommandIsEmpty() {
        run(call -> Response.json("{\"Commands\":[]}"), (aws, commands) -> {
            assertEquals(Optional.empty(), commands.describe(COMMAND));
            assertEquals(Optional.empty(), commands.describe("no id"));
            assertEquals(1, aws.calls().size());
        });
        run(
                call -> Response.error(400, "InvalidCommandId", ""),
                (aws, commands) -> assertEquals(Optional.empty(), commands.describe(COMMAND)));
    }

    private interface Body {
        void run(LoopbackAws aws, SsmCommands commands);
    }

    private static void run(Function<Call, Response> script, Body body) {
        try (LoopbackAws aws = new LoopbackAws(script)) {
            body.run(aws, commands(aws.clients()));
        }
    }

    private static SsmCommands commands(AwsClients clients) {
        return new SsmCommands(clients.ssm(), clients.sender(), "eu-central-1", "gantry-sandbox");
    }

    private static Response accepted(String command) {
        return Response.json("{\"Command\":{\"CommandId\":\"" + command + "\"}}");
    }

    /** Refuses every batch with one of the absent instances in it, as Systems Manager does. */
    private static Function<Call, Response> refusing(Set<InstanceId> absent, boolean naming) {
        return call -> {
            List<String> culprits = ids(call).stream()
                    .filter(absent::contains)
                    .map(InstanceId::value)
                    .toList();
            return culprits.isEmpty()
                    ? accepted(COMMAND)
                    : Response.error(
                            400,
                            "InvalidInstanceId",
                            naming ? "Instances [" + culprits + "] not in a valid state for account 111122223333" : "");
        };
    }

    private static List<InstanceId> ids(Call call) {
        List<InstanceId> ids = new java.util.ArrayList<>();
        call.json().path("InstanceIds").forEach(id -> ids.add(new InstanceId(id.textValue())));
        return ids;
    }

    private static void assertNotRegistered(Map<InstanceId, Sent> sent, int of, InstanceId... absent) {
        assertEquals(of, sent.size());
        sent.forEach((instance, outcome) -> assertEquals(
                List.of(absent).contains(instance) ? new Sent.NotRegistered() : new Sent.Accepted(COMMAND), outcome));
    }

    private static Response invocations(int number, String status, String details, String steps) {
        return Response.json("{\"CommandInvocations\":[" + invocation(number, status, details, steps) + "]}");
    }

    private static String invocation(int number, String status, String details, String steps) {
        return "{\"CommandId\":\"" + COMMAND + "\",\"InstanceId\":\""
                + instance(number).value() + "\",\"Status\":\"" + status + "\",\"StatusDetails\":\"" + details
                + "\",\"CommandPlugins\":" + steps + "}";
    }

    private static String command(String id, String comment, int number) {
        return "{\"CommandId\":\"" + id + "\",\"Comment\":\"" + comment + "\",\"InstanceIds\":[\""
                + instance(number).value() + "\"]}";
    }
}
