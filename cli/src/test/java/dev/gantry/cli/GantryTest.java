package dev.gantry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.cli.base.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class GantryTest {
    private record Ran(int code, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Gantry.run(Map.of(), new PrintWriter(out), new PrintWriter(err), arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    /** Credentials of the tests, so that the machine's own are not used. */
    @BeforeAll
    static void giveCredentials() {
        System.setProperty("aws.accessKeyId", "test");
        System.setProperty("aws.secretAccessKey", "test");
    }

    @AfterAll
    static void takeThemBack() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    static Stream<String> commands() {
        return new CommandLine(new Gantry())
                .getSubcommands().keySet().stream().filter(name -> !name.equals("generate-completion"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpWithAnExample(String name) {
        Ran ran = run(name, "--help");

        assertEquals(0, ran.code());
        assertTrue(ran.out().contains("Example: gantry " + name), ran.out());
        assertTrue(ran.out().contains("--json"), ran.out());
    }

    @Test
    void theVersionIsTheBuilds() {
        assertTrue(run("--version").out().matches("gantry [0-9]+\\.[0-9]+\\.[0-9]+.*\\R"));
    }

    @Test
    void aCompletionForTheShellIsGenerated() {
        Ran ran = run("generate-completion");

        assertEquals(0, ran.code());
        assertTrue(ran.out().contains("explain"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "explain web | not an EC2 instance id: 'web'",
                "explain | INSTANCE",
                "explode | explode",
                "launches --since soon | 'soon' is no time such as 90s, 30m, 2h or 1d",
                "fleets --colour | --colour",
                "'' | a command is missing",
            })
    void aWrongCommandLineIsReportedInTwoLines(String line, String words) {
        Ran ran = run(line.isEmpty() ? new String[0] : line.split(" "));

        assertEquals(Problem.USAGE, ran.code());
        assertTrue(ran.err().contains(words), ran.err());
        assertTrue(ran.err().contains("--help shows the usage."), ran.err());
        assertEquals(2, ran.err().lines().count(), ran.err());
    }

    /** Nothing listens there; every error is reported, and none as a stack trace. */
    @Test
    void anEndpointThatDoesNotAnswerIsNamed() {
        Ran ran = run("fleets", "--region", "eu-central-1", "--endpoint-url", "http://127.0.0.1:9");

        assertEquals(Problem.AWS, ran.code());
        assertTrue(ran.err().startsWith("gantry: "), ran.err());
        assertTrue(
                ran.err().contains("GetFunctionConfiguration of function gantry-operator in eu-central-1"), ran.err());
        assertTrue(ran.err().contains("--region, --function or --bucket"), ran.err());
        assertFalse(ran.err().contains("\tat "), ran.err());
    }

    @Test
    void aStackTraceIsPrintedOnlyOnRequest() {
        Ran ran = run("fleets", "--debug", "--region", "eu-central-1", "--endpoint-url", "http://127.0.0.1:9");

        assertTrue(ran.err().contains("\tat "), ran.err());
    }
}
