package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.testing.LocalShell;
import dev.gantry.sandbox.testing.Repository;
import dev.gantry.sandbox.testing.World;
import dev.gantry.sandbox.testing.Zips;
import dev.gantry.sandbox.wire.AwsError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gantry-ApplyAnsiblePlaybooks on both kinds of agent, without root: the document's own script and program run, below a
 * folder of the test's, and a script stands for ansible-playbook that prints its arguments. The test's stand-in for
 * {@code id} says that the agent is root.
 */
class HardenedDocumentTest {
    private static final Path DOCUMENT = Repository.path("ssm-documents/Gantry-ApplyAnsiblePlaybooks.json");
    private static final String NAME = "Gantry-ApplyAnsiblePlaybooks";
    private static final String ANSIBLE =
            """
            #!/bin/sh
            case "$1" in --version) echo 'ansible-playbook [core 2.17.1]'; exit ;; esac
            for argument; do
              case "$argument" in @*) cat "${argument#@}"; echo ;; *) echo "[$argument]" ;; esac
            done
            """;

    @TempDir
    Path root;

    private byte[] bundle = {};

    @BeforeEach
    void putPrograms() throws IOException {
        bundle = Zips.of(Map.of("playbook.yml", "- hosts: all\n", "site/a(1).yaml", "- hosts: all\n"));
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "needs python3");
        program("ansible-playbook", ANSIBLE);
        program("id", "#!/bin/sh\necho 0\n");
    }

    private void program(String name, String text) throws IOException {
        Files.createDirectories(root.resolve("bin"));
        Path file = root.resolve("bin").resolve(name);
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private World world(boolean old) throws IOException {
        AgentOptions current = AgentOptions.standard("eu-central-1", Duration.ofSeconds(10));
        return new World(
                timers -> LocalShell.factory(root), World.OPTIONS.immediate(), old ? current.oldAgent() : current);
    }

    private ObjectNode document() throws IOException {
        String moved = Files.readString(DOCUMENT)
                .replace("${GANTRY_HOME:-/var/lib/gantry}", "$GANTRY_HOME")
                .replaceAll(
                        "(place|program)=\\$GANTRY_HOME", "export GANTRY_HOME='" + root.resolve("gantry") + "'; $0");
        return (ObjectNode) Json.parse(moved).orElseThrow();
    }

    /** Like a careless copy of the document: every value reaches the agent. */
    private ObjectNode documentWithoutPatterns() throws IOException {
        ObjectNode document = document();
        document.path("parameters").forEach(parameter -> ((ObjectNode) parameter).remove("allowedPattern"));
        return document;
    }

    private String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bundle));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private JsonNode step(World world, ObjectNode document, Map<String, String> more) {
        world.call("CreateDocument", Json.object().put("Name", NAME).put("Content", document.toString()));
        String id = world.launch();
        world.s3.put("b/bundle.zip", bundle);
        Map<String, List<String>> parameters = new HashMap<>();
        parameters.put("SourceInfo", List.of("{\"path\":\"https://s3.amazonaws.com/b/bundle.zip\"}"));
        parameters.put("BundleSha256", List.of(sha256()));
        parameters.put("PlaybookFile", List.of("playbook.yml"));
        more.forEach((name, value) -> parameters.put(name, List.of(value)));
        return world.step(world.send(NAME, parameters, id), id, "runShellScript");
    }

    private static String stdout(JsonNode step) {
        return step.path("StandardOutputContent").asText();
    }

    private static JsonNode line(JsonNode step) {
        return Json.parse(stdout(step).lines().findFirst().orElse(""))
                .orElseThrow(() -> new AssertionError("no line of JSON in " + step));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyParameterReachesAnsibleAsItWasGivenWhateverTheAgent(boolean old) throws IOException {
        try (World world = world(old)) {
            JsonNode step = step(
                    world,
                    document(),
                    Map.of(
                            "PlaybookFile", "site/a(1).yaml",
                            "ExtraVariables", "a=1 b='x * y' c=~ d={{Check}} e=#!",
                            "Check", "True",
                            "Verbose", "-vvv",
                            "RunId", "run-0123456789abcdef"));

            assertEquals("run-0123456789abcdef", line(step).path("run").asText());
            assertEquals("2.17.1", line(step).path("ansible").asText(), step::toString);
            assertTrue(
                    stdout(step)
                            .endsWith("[-i]\n[localhost,]\n[-c]\n[local]\n[-e]\n"
                                    + "{\"a\": \"1\", \"b\": \"x * y\", \"c\": \"~\", \"d\": \"{{Check}}\","
                                    + " \"e\": \"#!\"}\n[--check]\n[-vvv]\n[site/a(1).yaml]\n"),
                    step.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$(touch ROOT/pwned)",
                "`touch ROOT/pwned`",
                "\"; touch ROOT/pwned; \"",
                "'; touch ROOT/pwned; '",
                "a=1; touch ROOT/pwned",
                "a=\\$(touch ROOT/pwned)",
                "$SSM_Verbose",
                "${SSM_Verbose}",
                "@/etc/passwd"
            })
    void whatASenderPutsIntoAParameterIsNeverExecuted(String value) throws IOException {
        String hostile = value.replace("ROOT", root.toString());
        ObjectNode document = documentWithoutPatterns();
        ((ObjectNode) document.path("parameters").path("Verbose")).remove("allowedValues");
        Map<String, String> everywhere = new HashMap<>();
        List.of(
                        "PlaybookFile",
                        "ExtraVariables",
                        "BundleSha256",
                        "RunId",
                        "Verbose",
                        "DiagnosticsUri",
                        "AnsibleVersion")
                .forEach(parameter -> everywhere.put(parameter, hostile));
        for (boolean old : List.of(false, true)) {
            try (World world = world(old)) {
                JsonNode step = step(world, document, everywhere);
                assertEquals("options", line(step).path("kind").asText(), step.toString());
                assertEquals(16, step.path("ResponseCode").asInt());
            }
        }
        assertFalse(Files.exists(root.resolve("pwned")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.yml\nEND_OF_GANTRY_PARAMETERS\ntouch pwned\n.yml",
                "$(touch pwned).yml",
                "`touch pwned`.yml",
                "a\\b.yml",
                "\"a\".yml",
                "/etc/x.yml",
                "site/../../x.yml",
                "-x.yml"
            })
    void theServiceRefusesWhatNoAgentMaySee(String playbook) throws IOException {
        try (World world = world(true)) {
            ObjectNode document = document();
            Map<String, String> given = Map.of("PlaybookFile", playbook);
            AwsError refusal = assertThrows(AwsError.class, () -> step(world, document, given));
            assertTrue(refusal.getMessage().contains("PlaybookFile"), refusal.getMessage());
        }
    }

    @Test
    void aPlaybookOutsideOfTheBundleIsRefusedOnTheInstance() throws IOException {
        try (World world = world(false)) {
            JsonNode step = step(world, documentWithoutPatterns(), Map.of("PlaybookFile", "site/../../x.yml"));
            assertEquals("options", line(step).path("kind").asText());
        }
    }

    @Test
    void ifTheBundleCannotBeFetchedNothingIsStarted() throws IOException {
        try (World world = world(false)) {
            JsonNode step = step(
                    world,
                    document(),
                    Map.of("SourceInfo", "{\"path\":\"https://s3.amazonaws.com/b/there-is-none.zip\"}"));
            assertEquals("", Json.parse(stdout(step)).map(JsonNode::toString).orElse(""));
            assertTrue(stdout(step).contains("skipped"), step.toString());
        }
    }
}
