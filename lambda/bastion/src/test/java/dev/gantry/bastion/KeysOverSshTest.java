package dev.gantry.bastion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.bastion.testing.FakeContext;
import dev.gantry.bastion.testing.HandClock;
import dev.gantry.bastion.testing.OpenSsh;
import dev.gantry.bastion.testing.Programs;
import dev.gantry.bastion.testing.Programs.Ended;
import dev.gantry.bastion.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the function's keys open, seen with OpenSSH's own client, and how they are rotated without an outage. */
@Timeout(1200)
class KeysOverSshTest {
    private static final String SAYS_UNKNOWN =
            """
            set -- $SSH_ORIGINAL_COMMAND
            echo '{"gantry":1,"instance":"i-0123456789abcdef0","run":"'"$2"'","state":"unknown"}'""";

    private static final String ROTATE = "{\"action\": \"rotate\", \"overlapSeconds\": 3600}";

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

    /** The current private key, as a file for OpenSSH's client. */
    private Path key() throws IOException {
        String pem = Samples.json(world.s3.text("bastion/keys/pair.json"))
                .at("/current/private")
                .asText();
        Path file = folder.resolve("key");
        Files.writeString(file, pem);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private Ended ssh(OpenSsh to, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "ssh", "-F", "none", "-i", key().toString(), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"));
        command.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
        command.addAll(List.of("-o", "LogLevel=ERROR", "-o", "ExitOnForwardFailure=yes", "-o", "ConnectTimeout=10"));
        command.addAll(List.of("-l", OpenSsh.USER, "-p", String.valueOf(to.port())));
        command.addAll(List.of(arguments));
        return Programs.end(command.toArray(String[]::new));
    }

    private Ended sshTo(OpenSsh to, String option, String value) throws IOException {
        return ssh(to, option, value, to.address());
    }

    private String state() {
        return world.ask(Samples.message("status")).get("state").asText();
    }

    private void pass(HandClock clock, Duration time) {
        clock.pass(time);
    }

    @Test
    void theJumpKeyGetsNoShellNoCommandAndNoTerminalOnTheBastion() throws IOException {
        world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();

        for (Ended ended : List.of(
                ssh(bastion, bastion.address()),
                ssh(bastion, "-tt", bastion.address()),
                ssh(bastion, bastion.address(), "id"),
                ssh(bastion, "-s", bastion.address(), "sftp"))) {
            assertNotEquals(0, ended.code(), ended::toString);
            assertFalse(ended.output().contains("uid="), ended::toString);
        }
        assertTrue(
                bastion.log().stream().anyMatch(line -> line.startsWith("Accepted publickey")), "the key is trusted");
    }

    @Test
    void theJumpKeyForwardsToTheInstancesPortAndNowhereElse() throws IOException {
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        OpenSsh bastion = world.bastion();

        Ended there = sshTo(bastion, "-W", instance.address() + ":" + instance.port());
        assertTrue(there.output().startsWith("SSH-2.0-OpenSSH"), there::toString);
        for (String elsewhere : List.of(
                bastion.address() + ":" + bastion.port(),
                instance.address() + ":80",
                "127.0.0.1:22",
                "169.254.169.254:80")) {
            Ended refused = sshTo(bastion, "-W", elsewhere);
            assertNotEquals(0, refused.code(), refused::toString);
            assertFalse(refused.output().contains("SSH-2.0"), refused::toString);
        }
        Ended remote = ssh(bastion, "-N", "-R", "127.0.0.1:0:127.0.0.1:1", bastion.address());
        assertNotEquals(0, remote.code(), remote::toString);
    }

    @Test
    void onTheInstanceTheKeyGetsTheForcedCommandAndNothingElse() throws IOException {
        OpenSsh instance =
                world.instanceSaying("echo \"forced: $SSH_ORIGINAL_COMMAND\"; if tty -s; then echo terminal; fi");

        assertEquals(
                "forced: id", ssh(instance, instance.address(), "id").output().strip());
        assertEquals("forced:", ssh(instance, instance.address()).output().strip());
        assertTrue(ssh(instance, "-s", instance.address(), "sftp").output().startsWith("forced: "));
        Ended tunnel = sshTo(instance, "-W", instance.address() + ":" + instance.port());
        assertFalse(tunnel.output().contains("SSH-2.0"), tunnel::toString);
        Ended terminal = ssh(instance, "-tt", instance.address(), "id");
        assertFalse(terminal.output().contains("terminal"), terminal::toString);
    }

    @Test
    void rotatedByOneInvocationBothHalvesAreValidForOneLaunchDeadline() {
        HandClock clock = new HandClock();
        world.clock(clock);
        OpenSsh instance = world.instanceSaying(SAYS_UNKNOWN);
        world.bastion();
        assertEquals("unknown", state());

        // The instance read the old half at its boot, and keeps it; the bastion too, until its timer comes.
        JsonNode rotated = Samples.json(world.invoke(ROTATE, new FakeContext(30_000)));
        assertTrue(rotated.get("current").asText().startsWith("SHA256:"), rotated::toString);
        assertEquals("2026-01-31T13:00:00Z", rotated.get("previousValidUntil").asText());
        assertEquals("unknown", state());

        // Then the bastion knows both, and an instance that boots now, too.
        world.bastion();
        assertEquals("unknown", state());

        pass(clock, Duration.ofHours(1));
        assertEquals("misconfigured", state(), "the old half is no longer offered");
        instance.trust(world.publicKeys().stream()
                .map(key -> "restrict,command=\"" + folder.resolve("forced") + "\" " + key)
                .limit(1)
                .toList());
        assertEquals("unknown", state());
    }

    @Test
    void openSshDerivesThePublishedHalfFromThePrivateOne() throws IOException {
        String line = Programs.run("ssh-keygen", "-y", "-f", key().toString()).strip();

        assertEquals(world.publicKeys().get(0), line);
        assertTrue(Programs.run("ssh-keygen", "-l", "-f", key().toString())
                .contains(Samples.json(world.s3.text("bastion/keys/public.json"))
                        .at("/keys/0/id")
                        .asText()));
    }
}
