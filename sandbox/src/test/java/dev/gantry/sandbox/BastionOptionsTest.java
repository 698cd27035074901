package dev.gantry.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.SandboxOptions.WrongOption;
import dev.gantry.sandbox.wire.Faults.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of the sandbox's fallback, and their effects. */
class BastionOptionsTest {
    private static final Map<String, String> WEB = Map.of("aws:autoscaling:groupName", "web");
    private static final Map<String, String> BASTION = Map.of("aws:autoscaling:groupName", BastionFallback.GROUP);

    private static String refusal(String... arguments) {
        return assertThrows(WrongOption.class, () -> SandboxOptions.parse(List.of(arguments)))
                .getMessage();
    }

    @Test
    void theFallbackIsRefusedForSimulatedInstances() {
        assertEquals(
                "--fallback needs --instances real: no other kind has SSH.",
                refusal("--fallback", "program.zip", "--instances", "simulated"));
    }

    @Test
    void aFileOfTheFallbackThatIsNotThereIsNamedWithWhatMakesIt(@TempDir Path empty) {
        String message = refusal(
                "--fallback", "program.zip", "--repository", empty.toString(), "--instances", "real", "--image", "/");
        assertTrue(message.contains("gantry-bastion.zip, which is not there. It comes from: mvn package"), message);
    }

    @Test
    void theOptionDeadAgentTakesANumber() {
        assertEquals("--dead-agent must be 0 to 999, but is two.", refusal("--dead-agent", "two"));
    }

    @Test
    void oneInstanceOfTheFleetHasADeadAgentAlsoAfterARebootAndTheBastionHasNone() {
        Agents agents = new Agents(false, 2);
        Optional<Duration> soon = Optional.of(Duration.ofMillis(500));
        assertEquals(Optional.empty(), agents.delay("i-bastion", BASTION));
        assertEquals(soon, agents.delay("i-1", WEB));
        assertEquals(Optional.empty(), agents.delay("i-2", WEB));
        assertEquals(soon, agents.delay("i-3", WEB));
        assertEquals(Optional.empty(), agents.delay("i-2", WEB));
        assertEquals(soon, agents.delay("i-1", WEB));
    }

    @Test
    void withoutSystemsManagerEachOfItsCallsFailsAndNoAgentRegisters() {
        NoSystemsManager away = new NoSystemsManager();
        Fault.ErrorResponse answer = assertInstanceOf(Fault.ErrorResponse.class, away.on("ssm", "SendCommand", "any"));
        assertEquals("InternalServerError", answer.error().code());
        assertInstanceOf(Fault.None.class, away.on("s3", "GetObject", "any"));
        assertEquals(Optional.empty(), new Agents(true, 0).delay("i-1", WEB));
    }

    @Test
    void userDataWritesFilesAsTheyAreAndRefusesWhatWouldEndThemEarly() {
        String text = new UserData()
                .file("/etc/x", "0644", "$HOME `id`\n")
                .run("true")
                .text();
        assertTrue(text.contains("<<'END_OF_FILE'\n$HOME `id`\nEND_OF_FILE\ntrue\n"), text);
        assertThrows(IllegalArgumentException.class, () -> new UserData()
                .file("/etc/x", "0644", "a\nEND_OF_FILE\nrm -rf x\n"));
    }
}
