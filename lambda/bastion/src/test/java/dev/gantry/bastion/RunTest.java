package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.bastion.testing.Instance;
import dev.gantry.bastion.testing.LocalS3;
import dev.gantry.bastion.testing.Metadata;
import dev.gantry.bastion.testing.Programs;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.id.InstanceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** Whole runs: the function, real OpenSSH twice, and the real program behind the forced command. */
@Timeout(1200)
class RunTest {
    private static final String OTHER_RUN = "run-fedcba9876543210";
    private static final String UNTIL_TOLD =
            "echo x >>\"$EXECUTED\"; while [ -e \"$EXECUTED\" ] && [ ! -e \"$EXECUTED.go\" ]; do sleep 0.05; done; echo said";

    @TempDir
    private Path folder;

    private World world;
    private Instance instance;
    private String sha256;

    @BeforeEach
    void begin() {
        Assumptions.assumeTrue(
                Instance.obstacle().isEmpty(), () -> Instance.obstacle().orElse(""));
        world = new World(folder);
        Metadata metadata = world.opened(new Metadata(Samples.INSTANCE.value()));
        instance = new Instance(folder.resolve("machine"), metadata.endpoint(), world.s3.endpoint());
        byte[] bundle = Instance.bundle();
        sha256 = Instance.sha256(bundle);
        world.s3
                .client()
                .putObject(request -> request.bucket(LocalS3.BUCKET).key(bundleKey()), RequestBody.fromBytes(bundle));
        world.instance(instance.forced().toString());
        world.bastion();
    }

    @AfterEach
    void close() throws Exception {
        if (world != null) {
            release();
            world.close();
        }
    }

    private String bundleKey() {
        return "bundles/web/" + sha256 + ".zip";
    }

    private void release() throws IOException {
        Files.writeString(folder.resolve("machine/executed.go"), "");
    }

    private String start(String run, Consumer<ObjectNode> change) {
        return Samples.message("start", message -> {
            ObjectNode options = (ObjectNode) message.get("options");
            options.put("RunId", run).put("BundleSha256", sha256).put("ExtraVariables", "gantry_bundle=" + sha256);
            options.put("TimeoutSeconds", "60").remove("DiagnosticsUri");
            message.put("run", run).put("bundle", bundleKey());
            change.accept(options);
        });
    }

    private String start() {
        return start(Samples.RUN, options -> {});
    }

    private JsonNode status() {
        return world.ask(Samples.message("status"));
    }

    private static String state(JsonNode answer) {
        return answer.get("state").asText();
    }

    private JsonNode becomes(String state) {
        AtomicReference<JsonNode> last = new AtomicReference<>();
        Programs.await("the run is " + state, () -> {
            last.set(status());
            return state(last.get()).equals(state);
        });
        return last.get();
    }

    private void awaitExecution() {
        Programs.await("the play has begun", () -> instance.executions() > 0);
    }

    @Test
    void aRunIsStartedIsUnderWayAndEndsWithTheDocumentsResult() throws IOException {
        instance.ansible(UNTIL_TOLD);
        assertEquals("unknown", state(status()));
        JsonNode answer = world.ask(start());
        assertEquals("started", state(answer), answer::toString);
        assertEquals("running", state(status()));
        release();

        JsonNode ended = becomes("ended");
        assertEquals("success", ended.at("/result/kind").asText(), ended::toString);
        assertEquals(sha256, ended.at("/result/bundle").asText());
        assertEquals(Samples.RUN, ended.at("/result/run").asText());
        assertTrue(ended.get("tail").asText().contains("said"), ended::toString);
        assertEquals(1, instance.executions());
    }

    @Test
    void twoMessagesForOneRunExecuteItOnce() {
        instance.ansible("echo x >>\"$EXECUTED\"");
        assertEquals(List.of(), world.askAll(List.of(start(), start(), Samples.message("status"))));
        assertEquals(List.of(), world.askAll(List.of(start())));
        becomes("ended");
        assertEquals("ended", state(world.ask(start())));

        assertEquals(1, instance.executions());
    }

    @Test
    void twoFunctionsWithOneRunExecuteItOnce() throws IOException {
        instance.ansible(UNTIL_TOLD);
        Thread other = new Thread(() -> world.askAll(List.of(start())));
        other.start();
        world.askAll(List.of(start()));
        join(other);

        assertTrue(Set.of("started", "running", "busy").contains(state(world.answer(Samples.RUN))));
        awaitExecution();
        release();
        becomes("ended");
        assertEquals(1, instance.executions());
    }

    @Test
    void aConnectionCutInTheMiddleOfAStartLeadsToNoSecondRun() throws IOException {
        instance.ansible(UNTIL_TOLD);
        // The program has made systemd start the run, and does not reach its answer.
        Path go = folder.resolve("go");
        instance.instead(
                "systemd-run", "\"$REAL\" \"$@\"; code=$?; while [ ! -e " + go + " ]; do sleep 0.05; done; exit $code");
        AtomicReference<JsonNode> answer = new AtomicReference<>();
        Thread asking = new Thread(() -> answer.set(world.ask(start())));
        asking.start();
        awaitExecution();
        world.currentBastion().cutSessions();
        join(asking);
        write(go);
        assertEquals("retryable", state(answer.get()), answer.get()::toString);

        assertEquals("running", state(again(start())));
        release();
        becomes("ended");
        assertEquals("ended", state(world.ask(start())));
        assertEquals(1, instance.executions());
    }

    /** The launch function asks again while another exchange is still under way on the instance. */
    private JsonNode again(String message) {
        AtomicReference<JsonNode> last = new AtomicReference<>();
        Programs.await("the instance is free for another exchange", () -> {
            last.set(world.ask(message));
            return !state(last.get()).equals("busy");
        });
        return last.get();
    }

    @Test
    void aConnectionCutWithinTheOptionsStartsNothing() {
        instance.ansible("echo x >>\"$EXECUTED\"");
        // The connection is cut when half of the options has arrived; the program then reads the end of its input.
        Path half = folder.resolve("half");
        Path said = folder.resolve("said");
        Path go = folder.resolve("go");
        String slow = "head -c 200 >" + half + "; while [ ! -e " + go + " ]; do sleep 0.05; done; exec "
                + instance.forced() + " <" + half + " >" + said;
        world.instance(Programs.script(folder.resolve("slow"), slow).toString());
        world.bastion();
        AtomicReference<JsonNode> answer = new AtomicReference<>();
        Thread asking = new Thread(() -> answer.set(world.ask(start())));
        asking.start();
        Programs.await("half of the options has come", () -> read(half).length() == 200);
        world.currentBastion().cutSessions();
        join(asking);
        assertEquals("retryable", state(answer.get()), answer.get()::toString);
        write(go);

        Programs.await("the program has written its answer", () -> read(said).contains("\n"));
        assertTrue(read(said).contains("was the connection cut?"), read(said));
        assertEquals(0, instance.executions());
    }

    private static void write(Path file) {
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aConnectionCutDuringAStatusHarmsNothing() throws IOException {
        instance.ansible(UNTIL_TOLD);
        world.ask(start());
        awaitExecution();
        Path held = folder.resolve("held");
        Path go = folder.resolve("go");
        instance.instead(
                "systemctl",
                "touch " + held + "; while [ ! -e " + go + " ]; do sleep 0.05; done; exec \"$REAL\" \"$@\"");
        AtomicReference<JsonNode> answer = new AtomicReference<>();
        Thread asking = new Thread(() -> answer.set(status()));
        asking.start();
        Programs.await("the program is looking", () -> Files.exists(held));
        world.currentBastion().cutSessions();
        join(asking);
        write(go);

        assertEquals("retryable", state(answer.get()), answer.get()::toString);
        assertEquals("running", state(status()));
        release();
        assertEquals("success", becomes("ended").at("/result/kind").asText());
        assertEquals(1, instance.executions());
    }

    @Test
    void aRunOutlivesTheBastionAndIsFoundAgainThroughItsSuccessor() throws IOException {
        instance.ansible(UNTIL_TOLD);
        world.ask(start());
        awaitExecution();
        world.currentBastion().close();
        assertEquals("retryable", state(status()));

        world.s3.delete("bastion/jump/arn:aws:ec2:eu-central-1:111122223333:instance/" + Samples.BASTION);
        world.bastion(new InstanceId("i-0000000000000002b"), "11");
        assertEquals("running", state(status()));
        release();
        assertEquals("success", becomes("ended").at("/result/kind").asText());
        assertEquals(1, instance.executions());
    }

    @Test
    void aRunThatDoesNotEndIsEndedByItsTimeoutWithItsChildren() {
        instance.ansible("echo x >>\"$EXECUTED\"; sleep 4741 & exec sleep 4741");
        world.ask(start(Samples.RUN, options -> options.put("TimeoutSeconds", "5")));

        JsonNode ended = becomes("ended");
        assertEquals("timeout", ended.at("/result/kind").asText(), ended::toString);
        assertFalse(isRunning("4741"));
    }

    private static boolean isRunning(String seconds) {
        Programs.Ended found = Programs.end("pgrep", "-fx", "sleep " + seconds);
        // 1 means that it found nothing; any other code proves nothing.
        assertTrue(found.code() <= 1, found::toString);
        return found.code() == 0;
    }

    @Test
    void aBundleThatIsMissingIsTheRunsResult() {
        instance.ansible("echo x >>\"$EXECUTED\"");
        world.s3.delete(bundleKey());
        world.ask(start());

        JsonNode ended = becomes("ended");
        assertEquals("bundle", ended.at("/result/kind").asText(), ended::toString);
        assertTrue(ended.get("detail").asText().contains("s3://gantry-sandbox/" + bundleKey()), ended::toString);
        assertEquals(0, instance.executions());
    }

    @Test
    void aBundleOfAnotherSha256IsNotRead() {
        instance.ansible("echo x >>\"$EXECUTED\"");
        world.s3.put(bundleKey(), "something else");
        world.ask(start());

        JsonNode ended = becomes("ended");
        assertEquals("bundle", ended.at("/result/kind").asText(), ended::toString);
        assertTrue(ended.get("detail").asText().contains("not " + sha256), ended::toString);
        assertEquals(0, instance.executions());
    }

    @Test
    void whileAnotherRunHoldsTheLockAStartIsBusyAndNamesThatRun() throws IOException {
        instance.ansible(UNTIL_TOLD);
        world.ask(start());
        awaitExecution();

        JsonNode busy = world.ask(start(OTHER_RUN, options -> {}));
        assertEquals("busy", state(busy), busy::toString);
        assertTrue(busy.get("holder").asText().startsWith(Samples.RUN + " as process "), busy::toString);
        release();
        becomes("ended");
        assertEquals(1, instance.executions());
    }

    @Test
    void whileTheAgentExecutesACommandThatWasOnItsWayAStartIsBusy() throws Exception {
        instance.ansible(UNTIL_TOLD);
        Process agent = instance.applyAsTheAgent(OTHER_RUN, Instance.bundle());
        awaitExecution();

        JsonNode busy = world.ask(start());
        assertEquals("busy", state(busy), busy::toString);
        assertTrue(busy.get("holder").asText().startsWith(OTHER_RUN + " as process "), busy::toString);
        release();
        assertEquals(0, agent.waitFor());
        assertEquals("unknown", state(status()));
        assertEquals(1, instance.executions());
    }

    @Test
    void aRunIdThatTheAgentHasExecutedIsAnsweredAndNotRepeated() throws Exception {
        instance.ansible(UNTIL_TOLD);
        Process agent = instance.applyAsTheAgent(Samples.RUN, Instance.bundle());
        awaitExecution();
        JsonNode running = world.ask(start());
        assertEquals("running", state(running), running::toString);
        release();
        assertEquals(0, agent.waitFor());

        JsonNode ended = world.ask(start());
        assertEquals("ended", state(ended), ended::toString);
        assertEquals("success", ended.at("/result/kind").asText());
        assertEquals(1, instance.executions());
    }

    @Test
    void aCancelEndsThePlayAndALateStartDoesNotBeginItAgain() {
        instance.ansible("echo x >>\"$EXECUTED\"; sleep 4742 & exec sleep 4742");
        world.ask(start());
        awaitExecution();

        assertEquals("cancelled", state(world.ask(Samples.message("cancel"))));
        assertFalse(isRunning("4742"));
        assertEquals("cancelled", state(world.ask(start())));
        assertEquals(1, instance.executions());
    }

    @Test
    void aRunThatWasKilledIsInterruptedAndNotBegunAgain() {
        instance.ansible("echo x >>\"$EXECUTED\"; exec sleep 4743");
        world.ask(start());
        awaitExecution();
        instance.kill(Samples.RUN);

        JsonNode interrupted = becomes("interrupted");
        assertTrue(
                interrupted.get("detail").asText().contains("by a reboot or by a kill")
                        || interrupted.get("detail").asText().contains("before it had a result"),
                interrupted::toString);
        assertEquals("interrupted", state(world.ask(start())));
        assertEquals(1, instance.executions());
    }

    @Test
    void hostileValuesOfOptionsAreRefusedByTheInstanceAndReachNoShell() {
        instance.ansible("echo x >>\"$EXECUTED\"");
        Path pwned = folder.resolve("pwned");
        for (String value : List.of(
                "a=$(touch " + pwned + ")",
                "a=`touch " + pwned + "`",
                "a='x' ; touch " + pwned,
                "a=\"x\"",
                "../../etc/passwd",
                "a=b\\nRunId=run-00000000")) {
            JsonNode answer = world.ask(start(Samples.RUN, options -> options.put("ExtraVariables", value)));
            assertEquals("misconfigured", state(answer), answer::toString);
            assertTrue(answer.get("detail").asText().contains("refused " + Samples.RUN), answer::toString);
        }
        JsonNode playbook = world.ask(start(Samples.RUN, options -> options.put("PlaybookFile", "../playbook.yml")));
        assertEquals("misconfigured", state(playbook), playbook::toString);
        assertFalse(Files.exists(pwned));
        assertEquals(0, instance.executions());
        assertEquals("unknown", state(status()));
    }
}
