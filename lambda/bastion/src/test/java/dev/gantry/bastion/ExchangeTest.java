package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.bastion.testing.FakeContext;
import dev.gantry.bastion.testing.OpenSsh;
import dev.gantry.bastion.testing.Programs;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.launch.id.InstanceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The SSH path to the instance, over real OpenSSH: which host keys it trusts, what is refused, how it fails. */
@Timeout(1200)
class ExchangeTest {
    /** A stand-in for the forced command, which says that it knows no run. */
    private static final String SAYS_UNKNOWN =
            """
            set -- $SSH_ORIGINAL_COMMAND
            echo '{"gantry":1,"instance":"i-0123456789abcdef0","run":"'"$2"'","state":"unknown","detail":"'"$1"'"}'""";

    @TempDir
    private Path folder;

    private World world;

    @BeforeEach
    void begin() {
        world = new World(folder);
    }

    @AfterEach
    void close() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static void assertSays(JsonNode answer, String state, String... parts) {
        assertEquals(state, answer.get("state").asText(), answer::toString);
        for (String part : parts) {
            assertTrue(answer.get("detail").asText().contains(part), answer::toString);
        }
    }

    private static boolean isContacted(OpenSsh sshd) {
        return sshd.log().stream().anyMatch(line -> line.startsWith("Connection from"));
    }

    @Test
    void aMessageGoesThroughTheBastionToTheForcedCommandAndItsReplyBecomesTheAnswer() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();

        JsonNode answer = world.ask(Samples.message("status"));
        assertSays(answer, "unknown", "status");
        assertEquals("status", answer.get("asked").asText());
        assertEquals("2026-01-31T12:00:15Z", answer.get("askedAt").asText());
        assertTrue(
                instance.log().stream()
                        .anyMatch(line -> line.startsWith("Connection from " + bastion.address())
                                || line.startsWith("Connection from 127.")),
                "the instance sees the bastion");
    }

    @Test
    void nothingIsLeftOpen() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();

        world.ask(Samples.message("status"));
        Programs.await("no session on the bastion", () -> !bastion.hasSessions());
        Programs.await("no session on the instance", () -> !instance.hasSessions());
        Programs.await("no thread of an exchange", () -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(
                        name -> name.startsWith("tunnel-") || name.contains("SshClient") || name.contains("sshd-S")));
    }

    @Test
    void aBastionWithAnotherHostKeyIsRefused() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        String shown = bastion.hostKey("ecdsa-sha2-nistp256").fingerprint();
        world.writes("bastion/jump/", Samples.BASTION, bastion.address(), instance.hostKeys());
        String written = instance.hostKey("ecdsa-sha2-nistp256").fingerprint();

        JsonNode answer = world.ask(Samples.message("status"));
        assertSays(answer, "misconfigured", "the host key changed: bastion " + Samples.BASTION, shown, written);
        assertFalse(isContacted(instance));
        assertTrue(bastion.log().stream().noneMatch(line -> line.contains("Accepted")), bastion.log()::toString);
    }

    @Test
    void anInstanceWithAnotherHostKeyIsRefused() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        world.writes("hostkeys/", Samples.INSTANCE, instance.address(), bastion.hostKeys());

        JsonNode answer = world.ask(Samples.message("start"));
        assertSays(
                answer,
                "misconfigured",
                "the host key changed: instance " + Samples.INSTANCE,
                instance.hostKey("ecdsa-sha2-nistp256").fingerprint(),
                bastion.hostKey("ecdsa-sha2-nistp256").fingerprint());
        assertTrue(instance.log().stream().noneMatch(line -> line.contains("Accepted")), instance.log()::toString);
    }

    @Test
    void aFingerprintIsTheOneThatSshKeygenShows() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);

        String shown = Programs.run(
                "ssh-keygen",
                "-l",
                "-f",
                folder.resolve("instance/ssh_host_ecdsa_key.pub").toString());
        assertTrue(shown.contains(" " + instance.hostKey("ecdsa-sha2-nistp256").fingerprint() + " "), shown);
    }

    @Test
    void hostsThatHaveOnlyAnEd25519KeyAreVerified() {
        world.hostKeys("ed25519");
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        assertEquals(1, bastion.hostKeys().size());

        assertSays(world.ask(Samples.message("status")), "unknown", "status");
        assertTrue(isContacted(instance));
    }

    @Test
    void aHostWithAnotherEd25519KeyIsRefused() {
        world.hostKeys("ed25519");
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        world.writes("bastion/jump/", Samples.BASTION, bastion.address(), instance.hostKeys());

        assertSays(
                world.ask(Samples.message("status")),
                "misconfigured",
                "the host key changed: bastion " + Samples.BASTION,
                bastion.hostKey("ssh-ed25519").fingerprint());
        assertFalse(isContacted(instance));
    }

    @Test
    void onlyTheKindsOfKeysThatWereWrittenAreAskedFor() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        world.writes(
                "bastion/jump/",
                Samples.BASTION,
                bastion.address(),
                List.of("ssh-dss " + bastion.hostKey("ssh-ed25519").base64()));

        assertSays(
                world.ask(Samples.message("status")),
                "misconfigured",
                "wrote no ECDSA, RSA or Ed25519 host key to s3://");
        assertFalse(isContacted(instance));
        assertFalse(isContacted(bastion));
    }

    @Test
    void aHostThatNoLongerHasAnyOfItsWrittenKeysIsRefused() {
        world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        String rsa = Programs.run(
                "ssh-keygen",
                "-q",
                "-t",
                "rsa",
                "-N",
                "",
                "-f",
                folder.resolve("rsa").toString());
        assertEquals("", rsa);
        world.writes("bastion/jump/", Samples.BASTION, bastion.address(), List.of(read(folder.resolve("rsa.pub"))));

        assertSays(world.ask(Samples.message("status")), "misconfigured", "none of the host keys that it wrote");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aKeyThatTheBastionRefusesIsMisconfigured() {
        world.instanceSaying(SAYS_UNKNOWN);
        world.bastion().trust(List.of());

        assertSays(world.ask(Samples.message("status")), "misconfigured", "bastion " + Samples.BASTION, "refused user");
    }

    @Test
    void aKeyThatTheInstanceRefusesIsMisconfigured() {
        world.instanceSaying(SAYS_UNKNOWN).trust(List.of());
        world.bastion();

        assertSays(
                world.ask(Samples.message("status")),
                "misconfigured",
                "instance " + Samples.INSTANCE,
                "refused user",
                "has its launch not ended?");
    }

    @Test
    void anAddressOutsideOfTheSubnetsIsNotConnectedTo() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        world.writes("hostkeys/", Samples.INSTANCE, "127.0.0.1", instance.hostKeys());

        assertSays(
                world.ask(Samples.message("status")),
                "misconfigured",
                "address '127.0.0.1' does not lie in the subnets");
        assertFalse(isContacted(bastion));
    }

    @Test
    void anInstanceThatHasNotWrittenItsHostKeysIsRetryable() {
        world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();
        world.s3.delete("hostkeys/arn:aws:ec2:eu-central-1:111122223333:instance/" + Samples.INSTANCE);

        assertSays(
                world.ask(Samples.message("status")), "retryable", "has not written its host keys", "cannot reach S3");
        assertFalse(isContacted(bastion));
    }

    @Test
    void aBastionThatIsAwayIsRetryable() {
        world.instanceSaying(SAYS_UNKNOWN);
        world.bastion().close();

        assertSays(world.ask(Samples.message("status")), "retryable", "bastion " + Samples.BASTION, "does not answer");
    }

    @Test
    void ifTheNewestBastionIsAwayTheOneBeforeIsUsed() {
        world.instanceSaying(SAYS_UNKNOWN);
        InstanceId gone = new InstanceId("i-00000000000000bad");
        OpenSsh bastion = world.bastion();
        world.writes("bastion/jump/", gone, World.BASTIONS + "99", bastion.hostKeys());

        assertSays(world.ask(Samples.message("status")), "unknown");
    }

    @Test
    void anInstanceThatDoesNotAnswerIsRetryable() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        world.bastion();
        instance.close();

        assertSays(world.ask(Samples.message("status")), "retryable", "gets no answer from", World.INSTANCES + "20");
    }

    @Test
    void theBastionForwardsNowhereElse() {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        world.bastion();
        world.writes("hostkeys/", Samples.INSTANCE, World.INSTANCES + "21", instance.hostKeys());

        assertSays(
                world.ask(Samples.message("status")), "misconfigured", "does not forward to " + World.INSTANCES + "21");
    }

    @Test
    void anInstanceThatCallsItselfAnotherIsNotBelieved() {
        world.instanceSaying(
                """
                echo '{"gantry":1,"instance":"i-00000000000000bad","run":"run-0123456789abcdef","state":"ended","result":{}}'""");
        world.bastion();

        JsonNode answer = world.ask(Samples.message("status"));
        assertSays(answer, "misconfigured", "calls itself 'i-00000000000000bad'");
        assertFalse(answer.has("result"));
    }

    @Test
    void anEndlessReplyIsNotReadToItsEnd() {
        world.instanceSaying("yes '{\"gantry\":1}' | head -c 3000000; exit 0");
        world.bastion();

        assertSays(world.ask(Samples.message("status")), "misconfigured", "printed more than 131072 bytes");
    }

    @Test
    void aReplyThatNeverComesIsRetryableWithinTheTimeOfOneExchange() {
        world.instanceSaying("exec sleep 4731");
        world.bastion();

        List<String> kept = world.askAll(List.of(Samples.message("status")), new FakeContext(12_000));
        assertEquals(List.of(), kept);
        assertSays(world.answer(Samples.RUN), "retryable", "did not end within the time of one exchange");
    }

    @Test
    void aReplyThatIsCutIsRetryable() {
        Path begun = folder.resolve("begun");
        world.instanceSaying("touch " + begun + "; exec sleep 4732");
        OpenSsh bastion = world.bastion();
        AtomicReference<JsonNode> answer = new AtomicReference<>();
        Thread asking = new Thread(() -> answer.set(world.ask(Samples.message("status"))));
        asking.start();
        Programs.await("the forced command has begun", () -> Files.exists(begun));
        bastion.cutSessions();
        join(asking);

        assertSays(answer.get(), "retryable", "'status " + Samples.RUN + "' on instance", "was cut");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aProgramThatPrintsNothingIsReportedWithItsError() {
        world.instanceSaying("echo 'sudo: a password is required' >&2; exit 1");
        world.bastion();

        assertSays(
                world.ask(Samples.message("status")),
                "misconfigured",
                "printed nothing and ended with exit code 1: sudo: a password is required");
    }

    @Test
    void noSecretAndNoValueIsLogged() {
        world.instanceSaying(SAYS_UNKNOWN);
        world.bastion();
        world.ask(Samples.message("start"));
        String log = world.log();

        assertTrue(log.contains("\"log_type\":\"bastion_exchange\""), log);
        assertTrue(log.contains("\"state\":\"unknown\""), log);
        for (String secret : List.of("PRIVATE", "good morning", "diagnostics")) {
            assertFalse(log.contains(secret), log);
        }
        log.lines().forEach(line -> assertTrue(Samples.json(line).has("log_id"), line));
    }
}
