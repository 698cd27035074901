package dev.gantry.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.lambda.ProbeZip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, because it counts this process's children. */
@Isolated
class SandboxTest {
    private static final SimulatedFactory.Times TIMES =
            new SimulatedFactory.Times(Duration.ofSeconds(1), Duration.ofSeconds(1));

    @Test
    void closingLeavesNoProcessNoDirectoryAndNoListener(@TempDir Path directory) throws Exception {
        Sandbox sandbox = Sandbox.builder().start();
        Path work = sandbox.cloud().directory();
        int port = sandbox.endpoint().getPort();
        sandbox.cloud()
                .lambda()
                .deploy(ProbeZip.function(ProbeZip.in(directory), "probe", Optional.empty()))
                .invoke("{}");
        assertEquals(1, children());
        sandbox.close();
        sandbox.close();
        assertEquals(0, children());
        assertFalse(Files.exists(work));
        try (Sandbox again = Sandbox.builder().port(port).start()) {
            assertEquals(port, again.endpoint().getPort());
        }
    }

    private static long children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(child -> child.info().commandLine().orElse("").contains("AWSLambda"))
                .count();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (Sandbox first = Sandbox.builder().start()) {
            int port = first.endpoint().getPort();
            IOException taken = assertThrows(
                    IOException.class, () -> Sandbox.builder().port(port).start());
            assertTrue(taken.getMessage().contains("port " + port), taken.getMessage());
        }
    }

    @Test
    void aPartThatCannotBeBuiltClosesWhatWasBuiltBefore() {
        boolean[] closed = {false};
        assertThrows(IOException.class, () -> Sandbox.builder()
                .with(cloud -> cloud.onClose().accept(() -> closed[0] = true))
                .with(cloud -> {
                    throw new IOException("no");
                })
                .start());
        assertTrue(closed[0]);
    }

    @Test
    void theExampleFleetIsAsTerraformMakesIt(@TempDir Path directory) throws IOException {
        Region region = new Region(
                cloud -> new SimulatedFactory(cloud.timers(), TIMES, Script.succeedsAfter(Duration.ofSeconds(1))));
        ExampleFleet fleet = new ExampleFleet(ProbeZip.in(directory), region, Optional.empty());
        try (Sandbox sandbox = Sandbox.builder().with(region).with(fleet).start()) {
            var queue = sandbox.cloud().sqs().find("gantry-launches").orElseThrow();
            assertEquals(360, queue.visibilityTimeout().toSeconds());
            var sweep = sandbox.cloud().lambda().find("gantry-sweep").orElseThrow();
            assertEquals(
                    "dev.gantry.function.SweepHandler::handleRequest",
                    sweep.spec().handler());
            assertEquals(
                    sandbox.endpoint() + "/111122223333/gantry-launches",
                    sweep.spec().environment().get("GANTRY_QUEUE_URL"));
        }
    }

    @Test
    void theFilesOfAFolderAreObjectsFromTheBeginning(@TempDir Path directory) throws IOException {
        Path folder =
                Files.createDirectories(directory.resolve("objects/videos")).getParent();
        Files.writeString(folder.resolve("videos/north.mp4"), "frames");
        try (Sandbox sandbox = Sandbox.builder()
                .with(cloud -> cloud.s3().createBucket("films"))
                .with(new FolderObjects("films", folder))
                .start()) {
            var s3 = Clients.of(sandbox).s3();
            assertEquals(
                    "frames",
                    s3.getObjectAsBytes(get -> get.bucket("films").key("videos/north.mp4"))
                            .asUtf8String());
        }
        Path nowhere = directory.resolve("nowhere");
        assertThrows(IllegalArgumentException.class, () -> new FolderObjects("films", nowhere));
    }

    @Test
    void aWrongOptionIsNamedAndHelpHelps() throws Exception {
        assertEquals("2 sandbox: --port must be 0 to 65535, but is 70000.", firstLine("--port", "70000"));
        assertEquals("2 sandbox: There is no option --nonsense.", firstLine("--nonsense"));
        assertEquals("2 sandbox: --zip needs a value.", firstLine("--zip"));
        assertEquals(
                "2 sandbox: --instances must be real, local or simulated, but is odd.",
                firstLine("--instances", "odd"));
        assertTrue(firstLine("--help").startsWith("0 usage: sandbox"));
        assertTrue(firstLine("--zip", "no/such.zip").startsWith("3 sandbox: There is no function package at"));
    }

    private static String firstLine(String... arguments) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int status = SandboxMain.run(List.of(arguments), print, print);
        return status + " "
                + bytes.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
    }
}
