package dev.gantry.sandbox.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that is a folder and its processes. No test needs root. */
class LocalMachineTest {
    private static final String ID = "i-0123456789abcdef0";
    private static final long MOST_SECONDS = 1200;

    @TempDir
    private Path folder;

    private LocalFactory factory;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @BeforeEach
    void makeFactory() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Files.writeString(tools.resolve("ansible-playbook"), "#!/bin/sh\n");
        assertTrue(tools.resolve("ansible-playbook").toFile().setExecutable(true));
        factory = new LocalFactory(folder.resolve("instances"), tools);
    }

    @AfterEach
    void endEverything() {
        factory.close();
    }

    private Machine launch(String instanceId, String userData) throws InterruptedException {
        Machine machine = factory.create(
                instanceId, new Ec2.LaunchSpec(Map.of(), "t3.small", "eu-central-1a", userData), new Told());
        machine.start();
        assertEquals("up", next());
        return machine;
    }

    private String next() throws InterruptedException {
        return String.valueOf(events.poll(MOST_SECONDS, TimeUnit.SECONDS));
    }

    private Path home(String instanceId) {
        return folder.resolve("instances").resolve(instanceId);
    }

    private static ShellScript script(String text, Duration timeout) {
        return new ShellScript(
                "step",
                "/var/lib/amazon/ssm/step/_script.sh",
                text,
                "/downloads",
                Optional.of("/"),
                Map.of("FROM", "agent"),
                timeout);
    }

    private static ShellResult run(Machine machine, String text) throws Exception {
        return run(machine, text, Duration.ofMinutes(5));
    }

    private static ShellResult run(Machine machine, String text, Duration timeout) throws Exception {
        CompletableFuture<ShellResult> result = new CompletableFuture<>();
        machine.run(script(text, timeout), result::complete);
        return result.get(MOST_SECONDS, TimeUnit.SECONDS);
    }

    /** The pid of a process that the script left behind, in a session of its own. */
    private static long daemon(Machine machine) throws Exception {
        String pid = run(machine, "setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $!")
                .stdout()
                .text();
        return Long.parseLong(pid.strip());
    }

    private static void awaitEnd(long pid) throws Exception {
        ProcessHandle.of(pid).ifPresent(process -> process.onExit()
                .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
                .join());
    }

    @Test
    void runsAScriptInItsFolderWithItsOwnAddressPortAndTools() throws Exception {
        Machine machine = launch(ID, "");
        machine.write("/downloads/file", new ByteArrayInputStream("content".getBytes(StandardCharsets.UTF_8)));
        String text = "cat file; echo; pwd; echo $HOME; echo $GANTRY_INSTANCE; echo $TMPDIR; echo $FROM\n"
                + "command -v ansible-playbook; echo $GANTRY_ADDRESS $GANTRY_INSTANCE_ID; echo $MAVEN_OPTS; exit 7";
        ShellResult result = run(machine, text);
        assertEquals(7, result.code());
        List<String> lines = result.stdout().text().lines().toList();
        Path home = home(ID).toRealPath();
        assertEquals(
                List.of("content", home + "/downloads", home.toString(), home.toString(), home + "/tmp", "agent"),
                lines.subList(0, 6));
        assertEquals(folder.resolve("tools/ansible-playbook").toString(), lines.get(6));
        assertEquals(machine.privateIp() + " " + ID, lines.get(7));
    }

    @Test
    void twoInstancesHaveTwoAddresses() throws Exception {
        assertFalse(launch("i-1", "").privateIp().equals(launch("i-2", "").privateIp()));
    }

    @Test
    void userDataRunsOnceAndBeforeTheAgentComes() throws Exception {
        Machine machine = launch(ID, "#!/bin/sh\necho once >>\"$HOME/ran\"\n");
        assertEquals("once\n", machine.read("/ran"));
        machine.reboot();
        assertEquals("down true", next());
        assertEquals("up", next());
        assertEquals("once\n", machine.read("/ran"));
    }

    @Test
    void aStopEndsItsProcessesAndKeepsItsFiles() throws Exception {
        Machine machine = launch(ID, "");
        long daemon = daemon(machine);
        assertEquals(0, run(machine, "echo kept >\"$HOME/file\"").code());
        machine.stop();
        assertEquals("down false", next());
        awaitEnd(daemon);
        assertEquals("kept\n", machine.read("/file"));
    }

    @Test
    void terminationEndsADaemonInASessionOfItsOwnAndDeletesTheFolder() throws Exception {
        Machine machine = launch(ID, "");
        long daemon = daemon(machine);
        assertTrue(ProcessHandle.of(daemon).isPresent());
        machine.terminate();
        factory.close();
        awaitEnd(daemon);
        assertFalse(Files.exists(home(ID)));
        assertThrows(IOException.class, () -> machine.write("/late", new ByteArrayInputStream(new byte[0])));
        assertFalse(Files.exists(home(ID)));
    }

    @Test
    void processesOfAKilledSandboxAreFoundByTheFolderInTheirEnvironment() throws Exception {
        long daemon = daemon(launch(ID, ""));
        Leftovers.endLocalBelow(folder.resolve("instances").toRealPath());
        awaitEnd(daemon);
    }

    @Test
    void aScriptIsKilledWhenItsTimeIsUpAndWhenItIsCancelled() throws Exception {
        Machine machine = launch(ID, "");
        ShellResult late = run(machine, "sleep 1000 & sleep 1000", Duration.ofSeconds(1));
        assertEquals(ShellResult.Ending.TIMED_OUT, late.ending());
        assertEquals(137, late.code());
        CompletableFuture<ShellResult> result = new CompletableFuture<>();
        machine.run(script("sleep 1000", Duration.ofHours(1)), result::complete).cancel();
        assertEquals(
                ShellResult.Ending.CANCELLED,
                result.get(MOST_SECONDS, TimeUnit.SECONDS).ending());
    }

    @Test
    void aScriptThatRunsWhenTheMachineGoesDownIsLost() throws Exception {
        Machine machine = launch(ID, "");
        CompletableFuture<ShellResult> result = new CompletableFuture<>();
        machine.run(script("sleep 1000", Duration.ofHours(1)), result::complete);
        machine.terminate();
        assertEquals(
                ShellResult.Ending.LOST,
                result.get(MOST_SECONDS, TimeUnit.SECONDS).ending());
    }

    @Test
    void theHardenedDocumentIsRefusedWithItsReason() throws Exception {
        ShellResult result = run(launch(ID, ""), "python3 -m gantry_apply\n");
        assertEquals(1, result.code());
        assertTrue(
                result.stderr().text().contains("neither root nor systemd of its own"),
                result.stderr().text());
    }

    @Test
    void aPathThatLeavesTheFolderIsRefused() throws Exception {
        Machine machine = launch(ID, "");
        assertThrows(IllegalArgumentException.class, () -> machine.read("/../../secret"));
    }

    @Test
    void withoutAnsibleThereAreNoLocalInstances() {
        IOException refused =
                assertThrows(IOException.class, () -> new LocalFactory(folder.resolve("other"), folder.resolve("no")));
        assertTrue(refused.getMessage().contains("ansible-playbook"), refused.getMessage());
    }

    @Test
    void theStandInForUnzipUnpacksAnArchiveAndRefusesAnyOtherFile() throws Exception {
        Machine machine = launch(ID, "");
        Path archive = home(ID).resolve("a.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("roles/web/main.yml"));
            zip.write("task".getBytes(StandardCharsets.UTF_8));
        }
        Path standIn = Path.of("src/main/resources/local/unzip.py").toAbsolutePath();
        assertEquals(0, run(machine, "python3 " + standIn + " -o -q a.zip").code());
        assertEquals("task", machine.read("/roles/web/main.yml"));
        ShellResult refused = run(machine, "echo none >b.zip; python3 " + standIn + " -o -q b.zip");
        assertEquals(9, refused.code());
        assertTrue(
                refused.stderr().text().contains("b.zip: File is not a zip file"),
                refused.stderr().text());
    }

    /** Remembers what happens to a machine. */
    private final class Told implements Machine.Watcher {
        @Override
        public void up() {
            events.add("up");
        }

        @Override
        public void down(boolean rebooting) {
            events.add("down " + rebooting);
        }

        @Override
        public void broken(String why) {
            events.add("broken: " + why);
        }
    }
}
