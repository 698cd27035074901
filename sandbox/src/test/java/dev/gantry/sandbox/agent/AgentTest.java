package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.testing.LocalShell;
import dev.gantry.sandbox.testing.World;
import dev.gantry.sandbox.testing.Zips;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent on a machine that needs no root. What the real one makes of documents is in the corpus: {@link AgentCorpusTest}.
 */
class AgentTest {
    @TempDir
    Path root;

    private World world;
    private String id;

    @BeforeEach
    void launch() throws IOException {
        world = new World(timers -> LocalShell.factory(root));
        id = world.launch();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static String shell(String name, String script, String... inputs) {
        String more = inputs.length == 0 ? "" : "," + String.join(",", inputs);
        return "{\"action\":\"aws:runShellScript\",\"name\":\"" + name + "\",\"inputs\":{\"runCommand\":["
                + Json.array(List.of(script)).get(0) + "]" + more + "}}";
    }

    private String status(String command) {
        return world.invocations(command).get(0).path("StatusDetails").asText();
    }

    private String stdout(String command, String step) {
        return world.step(command, id, step).path("StandardOutputContent").asText();
    }

    /** The part of a step that lists of invocations show. */
    private String output(String command, int step) {
        return world.invocations(command)
                .get(0)
                .path("CommandPlugins")
                .path(step)
                .path("Output")
                .asText();
    }

    @Test
    void failedStepDoesNotStopTheLaterOnes() {
        String command = world.runSteps(id, "{}", shell("first", "exit 3"), shell("second", "echo here"));
        assertEquals("Failed", status(command));
        assertEquals("here\n", stdout(command, "second"));
        assertEquals(3, world.step(command, id, "first").path("ResponseCode").asInt());
        String error =
                world.step(command, id, "first").path("StandardErrorContent").asText();
        assertEquals("failed to run commands: exit status 3", error);
    }

    @Test
    void exit168SucceedsAndSkipsTheRest() {
        String command = world.runSteps(id, "{}", shell("first", "exit 168"), shell("second", "echo here"));
        assertEquals("Success", status(command));
        assertTrue(stdout(command, "second").contains("skipped"));
    }

    @Test
    void exit169FailsAndSkipsTheRest() {
        String command = world.runSteps(id, "{}", shell("first", "exit 169"), shell("second", "echo here"));
        assertEquals("Failed", status(command));
        assertTrue(stdout(command, "second").contains("skipped"));
    }

    @Test
    void exit194RebootsAndRunsTheStepAgainAndThenTheRest() {
        String again = "test -e " + root + "/once && { echo again; exit 0; }; touch " + root + "/once; exit 194";
        String command = world.runSteps(id, "{}", shell("first", again), shell("second", "echo rest"));
        assertEquals("InProgress", status(command));
        world.timers.advance(Duration.ofSeconds(11));
        assertEquals("Success", status(command));
        assertEquals("again\n", stdout(command, "first"));
        assertEquals("rest\n", stdout(command, "second"));
        assertEquals(2, ((LocalShell) world.ec2.machine(id).orElseThrow()).boots());
    }

    @Test
    void scriptThatKillsItselfTimedOutAndLaterStepsRun() {
        String command = world.runSteps(id, "{}", shell("first", "kill -9 $$"), shell("second", "echo here"));
        assertEquals("ExecutionTimedOut", status(command));
        assertEquals(137, world.step(command, id, "first").path("ResponseCode").asInt());
        assertEquals("here\n", stdout(command, "second"));
    }

    @Test
    void onFailureExitCountsInsideOfInputsAndFinallyStepsStillRun() {
        assertOnlyTheFinalStepFollows("Failed", shell("first", "exit 1", "\"onFailure\":\"exit\""));
    }

    @Test
    void onSuccessExitSkipsTheRestExceptFinallySteps() {
        assertOnlyTheFinalStepFollows("Success", shell("first", "echo first", "\"onSuccess\":\"exit\""));
    }

    private void assertOnlyTheFinalStepFollows(String status, String first) {
        String last = shell("last", "echo last", "\"finallyStep\":true");
        String command = world.runSteps(id, "{}", first, shell("second", "echo second"), last);
        assertEquals(status, status(command));
        assertTrue(stdout(command, "second").contains("skipped"));
        assertEquals("last\n", stdout(command, "last"));
    }

    @Test
    void onSuccessExitOfAFailedStepSkipsNothing() {
        String first = shell("first", "exit 1", "\"onSuccess\":\"exit\"");
        String command = world.runSteps(id, "{}", first, shell("second", "echo second"));
        assertEquals("second\n", stdout(command, "second"));
    }

    @Test
    void onFailureOutsideOfInputsIsIgnored() {
        String first = "{\"onFailure\":\"exit\"," + shell("first", "exit 1").substring(1);
        String command = world.runSteps(id, "{}", first, shell("second", "echo second"));
        assertEquals("second\n", stdout(command, "second"));
    }

    @Test
    void successAndExitMakesAFailureASuccess() {
        String first = shell("first", "exit 1", "\"onFailure\":\"successAndExit\"");
        String command = world.runSteps(id, "{}", first, shell("second", "echo second"));
        assertEquals("Success", status(command));
        assertTrue(stdout(command, "second").contains("skipped"));
    }

    @Test
    void failingFinallyStepIsNotForgivenByAnEarlierSuccessfulExit() {
        String command =
                world.runSteps(id, "{}", shell("first", "exit 168"), shell("last", "exit 4", "\"finallyStep\":true"));
        assertEquals("Failed", world.step(command, id, "last").path("Status").asText());
        assertEquals("Success", world.step(command, id, "first").path("Status").asText());
    }

    @Test
    void preconditionOnAnotherPlatformSkipsTheStep() {
        String windows = "{\"precondition\":{\"StringEquals\":[\"platformType\",\"Windows\"]},"
                + shell("first", "echo windows").substring(1);
        String linux = "{\"precondition\":{\"StringEquals\":[\"platformType\",\"Linux\"]},"
                + shell("second", "echo linux").substring(1);
        String command = world.runSteps(id, "{}", windows, linux);
        assertTrue(output(command, 0).contains("unsatisfied preconditions"), output(command, 0));
        assertEquals("linux\n", stdout(command, "second"));
        assertEquals("Success", status(command));
    }

    @Test
    void substitutionIsOnePassAndLeavesUnknownNames() {
        String parameters = "{\"A\":{\"type\":\"String\",\"default\":\"{{ B }}"
                + " $$x\"},\"B\":{\"type\":\"String\",\"default\":\"b\"},"
                + "\"L\":{\"type\":\"StringList\",\"default\":[\"p\",\"q\"]}}";
        String command = world.runSteps(id, parameters, shell("only", "echo '{{ A }} {{B}} {{ C }} {{ L }}'"));
        assertEquals("{{ B }} $x b {{ C }} [\"p\",\"q\"]\n", stdout(command, "only"));
    }

    private static final String HOSTILE =
            "{\"P\":{\"type\":\"String\",\"default\":\"$(echo pwned)\",\"interpolationType\":\"ENV_VAR\"},"
                    + "\"L\":{\"type\":\"StringList\",\"default\":[\"a\",\"b\"],\"interpolationType\":\"ENV_VAR\"}}";

    @Test
    void envVarKeepsAHostileValueOutOfTheScript() {
        String command = world.runSteps(id, HOSTILE, shell("only", "echo \"{{ P }}\" '{{ P }}' \"{{ L }}\""));
        assertEquals("$(echo pwned) $SSM_P [a b]\n", stdout(command, "only"));
    }

    @Test
    void oldAgentPutsAHostileValueIntoTheScript() throws IOException {
        AgentOptions old =
                AgentOptions.standard("eu-central-1", Duration.ofSeconds(10)).oldAgent();
        try (World past = new World(timers -> LocalShell.factory(root), World.OPTIONS.immediate(), old)) {
            String instance = past.launch();
            String command = past.runSteps(instance, HOSTILE, shell("only", "echo {{ P }}"));
            assertEquals(
                    "pwned\n",
                    past.step(command, instance, "only")
                            .path("StandardOutputContent")
                            .asText());
        }
    }

    @Test
    void exit168DoesNotForgiveAnEarlierFailure() {
        String command = world.runSteps(id, "{}", shell("first", "exit 3"), shell("second", "exit 168"));
        assertEquals("Failed", status(command));
    }

    @Test
    void failedStepWithOnFailureGetsASentenceOfTheAgentsInBothStreams() {
        String sentence = "\nStep was found to have onFailure property. Further document steps will be skipped.";
        String command = world.runSteps(id, "{}", shell("first", "echo a; exit 1", "\"onFailure\":\"exit\""));
        assertEquals("a\n" + sentence, stdout(command, "first"));
        assertEquals(
                "failed to run commands: exit status 1" + sentence,
                world.step(command, id, "first").path("StandardErrorContent").asText());
    }

    @Test
    void keysOfInputsAreMatchedWhateverTheirCase() {
        world.s3.put("b/one", "content".getBytes(StandardCharsets.UTF_8));
        String download = "{\"action\":\"aws:downloadContent\",\"name\":\"download\",\"inputs\":{\"SourceType\":\"S3\","
                + "\"SourceInfo\":{\"path\":\"https://s3.amazonaws.com/b/one\"}}}";
        String shell = "{\"action\":\"aws:runShellScript\",\"name\":\"read\",\"inputs\":{\"RunCommand\":[\"cat one\"],"
                + "\"TimeoutSeconds\":\"60\"}}";
        String command = world.runSteps(id, "{}", download, shell);
        assertEquals("Success", status(command));
        assertEquals("content", stdout(command, "read"));
    }

    @Test
    void missingAbsoluteWorkingDirectoryFailsTheStep() {
        String command = world.runSteps(id, "{}", shell("only", "pwd", "\"workingDirectory\":\"/no/such/folder\""));
        assertEquals("Failed", status(command));
        assertEquals(
                "failed to run commands: fork/exec /usr/bin/sh: no such file or directory",
                world.step(command, id, "only").path("StandardErrorContent").asText());
    }

    @Test
    void outputIsCutByBytes() {
        String command = world.runSteps(id, "{}", shell("only", "yes ä | head -n 20000 | tr -d '\\n'"));
        String stdout = stdout(command, "only");
        assertEquals("ä".repeat(11_990) + "--output truncated--", stdout);
    }

    @Test
    void outputIsCutAtItsBeginningsEnd() {
        String command = world.runSteps(id, "{}", shell("only", "seq 1 20000"));
        JsonNode step = world.step(command, id, "only");
        assertEquals(24_000, step.path("StandardOutputContent").asText().length());
        assertTrue(step.path("StandardOutputContent").asText().endsWith("--output truncated--"));
        String shown = output(command, 0);
        assertEquals(2_500, shown.length());
        assertTrue(shown.startsWith("1\n2\n") && shown.endsWith("\n---Output truncated---"));
    }

    private static String downloadStep(String path, String destination) {
        return "{\"action\":\"aws:downloadContent\",\"name\":\"download\",\"inputs\":{\"sourceType\":\"S3\","
                + "\"sourceInfo\":{\"path\":\"" + path + "\"}" + destination + "}}";
    }

    private String download(String path, String destination) {
        String step = downloadStep(path, destination);
        return world.runSteps(id, "{}", step, shell("find", "find . -type f | sort; cat one 2>&1 || true"));
    }

    @Test
    void downloadsOneFileWhereTheFolderIsEmpty() {
        world.s3.put("b/dir/one", "content".getBytes(StandardCharsets.UTF_8));
        String command = download("https://b.s3.eu-central-1.amazonaws.com/dir/one", "");
        assertEquals("Success", status(command));
        assertEquals("./one\ncontent", stdout(command, "find"));
        assertEquals(List.of("/b?list-type=2&prefix=dir%2Fone%2F", "/b/dir/one"), world.s3.requests());
    }

    @Test
    void downloadsAFolderWithAllBelowItOverSeveralPages() {
        for (String name : List.of("a", "b", "deep/c", "deep/d", "e")) {
            world.s3.put("b/dir/" + name, name.getBytes(StandardCharsets.UTF_8));
        }
        String command = download("https://s3.amazonaws.com/b/dir", "");
        assertTrue(stdout(command, "find").startsWith("./a\n./b\n./deep/c\n./deep/d\n./e\n"), stdout(command, "find"));
    }

    @Test
    void s3UrlFailsAndLaterStepsStillRun() {
        String command = download("s3://b/dir/one", "");
        assertEquals("Failed", status(command));
        assertEquals("Success", world.step(command, id, "find").path("Status").asText());
    }

    @Test
    void refusedListingIsFatal() {
        world.s3.put("b/one", new byte[0]);
        world.s3.refuseLists();
        String command = download("https://s3.amazonaws.com/b/one", "");
        JsonNode step = world.step(command, id, "download");
        assertEquals("Failed", step.path("Status").asText());
        assertTrue(step.path("StandardErrorContent").asText().contains("AccessDenied"));
    }

    private static String runDocument(String type, String path, String parameters) {
        return "{\"action\":\"aws:runDocument\",\"name\":\"inner\",\"inputs\":{\"documentType\":\"" + type
                + "\",\"documentPath\":\"" + path + "\",\"documentParameters\":" + parameters + "}}";
    }

    @Test
    void runsAnotherDocumentWithItsParameters() {
        String inner = runDocument("SSMDocument", "AWS-RunShellScript", "{\"commands\":[\"echo inner\"]}");
        String command = world.runSteps(id, "{}", inner);
        assertEquals("Success", status(command));
        assertEquals("inner\n", stdout(command, "inner"));
    }

    @Test
    void rebootInsideOfAnotherDocumentRunsThatDocumentAgain() {
        String again = "test -e " + root + "/once && { echo again; exit 0; }; touch " + root + "/once; exit 194";
        String inner = runDocument("SSMDocument", "AWS-RunShellScript", "{\"commands\":[\"" + again + "\"]}");
        String command = world.runSteps(id, "{}", inner);
        world.timers.advance(Duration.ofSeconds(11));
        assertEquals("Success", status(command));
        assertEquals("again\n", stdout(command, "inner"));
        assertEquals(2, ((LocalShell) world.ec2.machine(id).orElseThrow()).boots());
    }

    /** A document that echoes its parameter Color, declared as a String with these constraints. */
    private static String colored(String constraints) {
        return "{\"schemaVersion\":\"2.2\",\"parameters\":{\"Color\":{\"type\":\"String\"" + constraints
                + "}},\"mainSteps\":[" + shell("only", "echo {{ Color }}") + "]}";
    }

    private JsonNode runColored(String constraints, String given) {
        world.call("CreateDocument", Json.object().put("Name", "Colored").put("Content", colored(constraints)));
        String command = world.runSteps(id, "{}", runDocument("SSMDocument", "Colored", given));
        return world.step(command, id, "inner");
    }

    private static void assertRefused(String why, JsonNode step) {
        assertEquals("Failed", step.path("Status").asText());
        assertEquals("", step.path("StandardOutputContent").asText());
        assertEquals(
                "There was an error while preparing documents - all errors during param validation errors: error"
                        + " thrown in "
                        + why,
                step.path("StandardErrorContent").asText());
    }

    @Test
    void innerDocumentRunsWithNullForAParameterThatIsMissing() {
        assertEquals(
                "null\n", runColored("", "{}").path("StandardOutputContent").asText());
    }

    @Test
    void innerDocumentDoesNotRunWithAValueThatItsPatternRefuses() {
        assertRefused(
                "'AllowedRegexParamValidator' while validating parameter /Color/: parameter value /$(id)/ does not"
                        + " match the allowed pattern /^[a-z]+$/",
                runColored(",\"allowedPattern\":\"^[a-z]+$\"", "{\"Color\":\"$(id)\"}"));
    }

    @Test
    void innerDocumentDoesNotRunWithAValueThatIsNotAllowed() {
        assertRefused(
                "'AllowedValueParamValidator' while validating parameter /Color/: parameter value /green/ is not in the"
                        + " allowed list [red blue]",
                runColored(",\"allowedValues\":[\"red\",\"blue\"]", "{\"Color\":\"green\"}"));
    }

    @Test
    void innerDocumentTakesDefaultsAndIgnoresWhatItDoesNotDeclare() {
        JsonNode step = runColored(",\"default\":\"red\",\"allowedPattern\":\"^[a-z]+$\"", "{\"Shape\":\"round\"}");
        assertEquals("Success", step.path("Status").asText());
        assertEquals("red\n", step.path("StandardOutputContent").asText());
    }

    @Test
    void runsADocumentThatAnEarlierStepDownloaded() {
        world.s3.put("b/colored.json", colored("").getBytes(StandardCharsets.UTF_8));
        String download = downloadStep("https://s3.amazonaws.com/b/colored.json", "");
        String inner = runDocument("LocalPath", "colored.json", "{\"Color\":\"blue\"}");
        String command = world.runSteps(id, "{}", download, inner);
        assertEquals("Success", status(command));
        assertEquals("blue\n", stdout(command, "inner"));
    }

    /** Takes the place of a program on the machine: prints its arguments, one a line. */
    private void program(String name) throws IOException {
        Files.createDirectories(root.resolve("bin"));
        Path file = root.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\necho \"" + name + "\"\nfor a; do echo \"[$a]\"; done\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private String apply(Map<String, String> more) throws IOException {
        return apply(Zips.of(Map.of("site/playbook.yml", "- hosts: all\n")), more);
    }

    private String apply(byte[] bundle, Map<String, String> more) throws IOException {
        for (String name : List.of("ansible-playbook", "apt-get", "yum", "sudo", "python3")) {
            program(name);
        }
        world.s3.put("b/bundle.zip", bundle);
        Map<String, List<String>> parameters = new HashMap<>();
        parameters.put("SourceType", List.of("S3"));
        parameters.put("SourceInfo", List.of("{\"path\":\"https://s3.amazonaws.com/b/bundle.zip\"}"));
        parameters.put("InstallDependencies", List.of("False"));
        parameters.put("PlaybookFile", List.of("site/playbook.yml"));
        more.forEach((name, value) -> parameters.put(name, List.of(value)));
        return world.send("AWS-ApplyAnsiblePlaybooks", parameters, id);
    }

    @Test
    void ansibleDocumentUnzipsTheBundleAndCallsAnsibleOnTheMachineItself() throws IOException {
        String command =
                apply(Map.of("PlaybookFile", "site/playbook.yml", "Check", "True", "ExtraVariables", "a=1 b='x y'"));
        String expected = "ansible-playbook\n"
                + "[-i]\n"
                + "[localhost,]\n"
                + "[-c]\n"
                + "[local]\n"
                + "[-e]\n"
                + "[a=1 b='x y']\n"
                + "[--check]\n"
                + "[-v]\n"
                + "[site/playbook.yml]\n";
        String stdout = stdout(command, "runShellScript");
        assertTrue(stdout.contains("inflating: site/playbook.yml") || stdout.contains("extracting: site/playbook.yml"));
        assertTrue(stdout.endsWith(expected), stdout);
        assertEquals("Success", status(command));
    }

    private void assertPlaybookIsMissing(String command) {
        JsonNode step = world.step(command, id, "runShellScript");
        assertEquals(2, step.path("ResponseCode").asInt());
        assertTrue(step.path("StandardErrorContent").asText().contains("Playbook file doesn't exist"));
        assertEquals("Failed", status(command));
    }

    @Test
    void ansibleDocumentExitsWith2IfThePlaybookIsMissing() throws IOException {
        assertPlaybookIsMissing(apply(Map.of("PlaybookFile", "absent.yml")));
    }

    @Test
    void ansibleDocumentExitsWith2IfTheDownloadIsNoZip() throws IOException {
        assertPlaybookIsMissing(apply("no zip".getBytes(StandardCharsets.UTF_8), Map.of()));
    }

    @Test
    void ansibleDocumentGoesOnIfAMemberIsDamaged() throws IOException {
        byte[] bundle = Zips.of(Map.of("site/playbook.yml", "- hosts: all\n", "site/x.bin", "x".repeat(9_000)));
        bundle[new String(bundle, StandardCharsets.ISO_8859_1).indexOf("x.bin") + 8] ^= 0x55;
        String command = apply(bundle, Map.of());
        assertEquals("Success", status(command));
    }

    /** The machine is this host, so its system decides. */
    @Test
    void ansibleDocumentInstallsAnsibleAlsoIfItIsThereOrFailsIfItCannot() throws IOException {
        String command = apply(Map.of("InstallDependencies", "True"));
        String release = Files.readString(Path.of("/etc/os-release"));
        if (release.lines().anyMatch(line -> line.matches("ID=\"?(amzn|rhel|ubuntu)\"?"))) {
            assertTrue(stdout(command, "runShellScript").contains("python3"));
        } else {
            JsonNode step = world.step(command, id, "runShellScript");
            assertEquals(1, step.path("ResponseCode").asInt());
            assertTrue(step.path("StandardErrorContent").asText().contains("There was a problem installing"));
        }
    }
}
