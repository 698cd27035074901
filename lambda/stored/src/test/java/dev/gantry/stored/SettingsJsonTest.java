package dev.gantry.stored;

import static dev.gantry.stored.Samples.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.BreakerLimits;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.fleet.PolicyBuilder;
import dev.gantry.launch.port.Fleets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsJsonTest {
    private static final String LEAST =
            "{\"fleet\":\"web\",\"mode\":\"enforce\",\"document\":{\"name\":\"AWS-ApplyAnsiblePlaybooks\",\"version\":\"7\"}}";

    @Property(tries = 300)
    void whatIsWrittenIsReadBackEqual(@ForAll("fleets") Fleet fleet) {
        assertEquals(fleet, SettingsJson.read("x", fleet.name(), SettingsJson.write(fleet)));
    }

    @Test
    void aSettingThatIsLeftOutHasItsDefault() {
        assertEquals(Samples.fleet(), read(LEAST));
    }

    @Test
    void bytesThatPretendToBeUtf32AreNoJson() {
        byte[] bytes = {0x15, 0, 0, 0, 'm', 'b', 'e', 'r'};

        GantryException refused = assertThrows(
                GantryException.Misconfigured.class, () -> SettingsJson.read("s3://b/settings.json", WEB, bytes));

        assertTrue(refused.getMessage().startsWith("s3://b/settings.json is not JSON: "), refused.getMessage());
    }

    @ParameterizedTest
    @MethodSource("beyondWhatTheParserReads")
    void textBeyondTheParsersLimitsIsRefusedWithTheObjectsName(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        GantryException refused = assertThrows(
                GantryException.Misconfigured.class, () -> SettingsJson.read("s3://b/settings.json", WEB, bytes));

        assertTrue(refused.getMessage().startsWith("s3://b/settings.json is not JSON: "), refused.getMessage());
    }

    static List<String> beyondWhatTheParserReads() {
        return List.of("[".repeat(1_006), "{\"a\":".repeat(1_006), "{\"attempts\":" + "9".repeat(1_006) + "}");
    }

    @Test
    void nullCountsAsLeftOut() {
        assertEquals(Samples.fleet(), read(with("\"attempts\":null,\"onFailure\":null,\"playbook\":null")));
    }

    @Test
    void everySettingIsRead() {
        Fleet fleet = read(
                """
                {"fleet":"web","hook":"launch/gate","mode":"observe",
                 "document":{"name":"Gantry-ApplyAnsiblePlaybooks","version":"3","hash":"HASH"},
                 "playbook":"site/main.yaml","extraVariables":"env=prod tier=1","installDependencies":true,"verbose":"-vvv",
                 "launchDeadlineSeconds":7200,"agentDeadlineSeconds":300,"attempts":3,"backoffSeconds":10,
                 "deliveryTimeoutSeconds":60,"runTimeoutSeconds":600,"heartbeatSeconds":900,
                 "onFailure":{"holdMinutes":30},"breaker":{"failures":5,"abandonments":40}}"""
                        .replace("HASH", "0".repeat(64)));

        assertEquals(
                new Fleet(
                        WEB,
                        "launch/gate",
                        new Document("Gantry-ApplyAnsiblePlaybooks", "3", Optional.of("0".repeat(64))),
                        "site/main.yaml",
                        "env=prod tier=1",
                        true,
                        "-vvv",
                        new PolicyBuilder()
                                .launchDeadline(Duration.ofHours(2))
                                .agentDeadline(Duration.ofMinutes(5))
                                .attempts(3)
                                .backoff(Duration.ofSeconds(10))
                                .deliveryTimeout(Duration.ofMinutes(1))
                                .runTimeout(Duration.ofMinutes(10))
                                .heartbeat(Duration.ofMinutes(15))
                                .hold(Duration.ofMinutes(30))
                                .mode(Policy.Mode.OBSERVE)
                                .breaker(new BreakerLimits(5, 40))
                                .build()),
                fleet);
    }

    @Test
    void theHardenedDocumentIdentifiesRunsUnlessTheSettingsSayOtherwise() {
        String arn = "arn:aws:ssm:eu-central-1:444455556666:document/Gantry-ApplyAnsiblePlaybooks";
        assertTrue(document("\"name\":\"Gantry-ApplyAnsiblePlaybooks\"").identifiesRuns());
        assertTrue(document("\"name\":\"" + arn + "\"").identifiesRuns());
        assertTrue(document("\"name\":\"Our-Copy\",\"identifiesRuns\":true").identifiesRuns());
        assertFalse(document("\"name\":\"Our-Copy\"").identifiesRuns());
        assertFalse(document("\"name\":\"Gantry-ApplyAnsiblePlaybooks\",\"identifiesRuns\":false")
                .identifiesRuns());
    }

    @Test
    void aDocumentsOwnParametersAreRead() {
        assertEquals(
                Map.of("AnsibleVersion", "2.17", "InstallFrom", "Wheelhouse"),
                document(
                                "\"name\":\"Our-Copy\",\"parameters\":{\"AnsibleVersion\":\"2.17\",\"InstallFrom\":\"Wheelhouse\"}")
                        .parameters());
    }

    private static Document document(String fields) {
        return read(LEAST.replace("\"name\":\"AWS-ApplyAnsiblePlaybooks\"", fields))
                .document();
    }

    @Test
    void aFallbackIsReadWithItsDeadline() {
        Fleet fleet = read(hardened("\"fallback\":{\"use\":\"when-unreachable\",\"afterSeconds\":900}"));

        assertEquals(
                Fallback.whenUnreachable(Duration.ofMinutes(15)), fleet.policy().fallback());
        assertEquals(
                Fallback.NEVER,
                read(hardened("\"fallback\":{\"use\":\"never\"}")).policy().fallback());
        assertEquals(Fallback.NEVER, read(LEAST).policy().fallback());
    }

    @Test
    void aFallbackThatCannotWorkIsRefusedWithTheSumInTheMessage() {
        assertRefused(
                "x: fallback.afterSeconds must be at most 2580, so that one run over the bastion has its time before the"
                        + " launch deadline (launchDeadlineSeconds 3600 - runTimeoutSeconds 900 - 120 for the exchanges),"
                        + " not 2581",
                hardened("\"fallback\":{\"use\":\"when-unreachable\",\"afterSeconds\":2581}"));
        assertRefused(
                "x: fallback.afterSeconds must be 1 or more, not 0",
                hardened("\"fallback\":{\"use\":\"when-unreachable\",\"afterSeconds\":0}"));
        assertRefused("x: fallback.afterSeconds is missing", hardened("\"fallback\":{\"use\":\"when-unreachable\"}"));
        assertRefused(
                "x: fallback.afterSeconds has no meaning",
                hardened("\"fallback\":{\"use\":\"never\",\"afterSeconds\":9}"));
        assertRefused(
                "x: fallback.use must be one of [never, when-unreachable], not 'always'",
                hardened("\"fallback\":{\"use\":\"always\"}"));
        assertRefused("x: fallback.after is not a field", hardened("\"fallback\":{\"use\":\"never\",\"after\":9}"));
    }

    @Test
    void aFallbackNeedsTheDocumentThatKeepsRunsApart() {
        assertRefused(
                "x: fallback.use needs a document that knows runs by their id and keeps them apart on the instance, as"
                        + " Gantry-ApplyAnsiblePlaybooks does, and document.name is AWS-ApplyAnsiblePlaybooks",
                with("\"fallback\":{\"use\":\"when-unreachable\",\"afterSeconds\":900}"));
    }

    private static String hardened(String field) {
        return with(field).replace("AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks");
    }

    @Test
    void aFailedInstanceIsAbandonedOrHeld() {
        assertEquals(
                Duration.ZERO, read(with("\"onFailure\":\"abandon\"")).policy().hold());
        assertEquals(
                Duration.ofMinutes(5),
                read(with("\"onFailure\":{\"holdMinutes\":5}")).policy().hold());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"runTimeout\":5 | x: runTimeout is not a field that Gantry knows; the fields are [agentDeadlineSeconds,",
                "\"hook\":\"a b\" | x: hook must match",
                "\"hook\":7 | x: hook must be a string, not 7",
                "\"playbook\":\"site.txt\" | x: playbook must match",
                "\"verbose\":\"-x\" | x: verbose must match",
                "\"installDependencies\":\"True\" | x: installDependencies must be true or false, not \"True\"",
                "\"extraVariables\":{} | x: extraVariables must be a string, not {}",
                "\"attempts\":0 | x: attempts must be 1 to 10, not 0",
                "\"attempts\":\"2\" | x: attempts must be a whole number, not \"2\"",
                "\"heartbeatSeconds\":29 | x: heartbeatSeconds must be 30 to 7200, not 29",
                "\"deliveryTimeoutSeconds\":29 | x: deliveryTimeoutSeconds must be 30 to 2592000, not 29",
                "\"runTimeoutSeconds\":172801 | x: runTimeoutSeconds must be 5 to 172800, not 172801",
                "\"backoffSeconds\":0 | x: backoffSeconds must be 1 to 300, not 0",
                "\"agentDeadlineSeconds\":1 | x: agentDeadlineSeconds must be 30 to 172800, not 1",
                "\"launchDeadlineSeconds\":600 | x: launchDeadlineSeconds must be at least",
                "\"launchDeadlineSeconds\":180000 | x: launchDeadlineSeconds must be 1 to 172800, not 180000",
                "\"onFailure\":\"keep\" | x: onFailure must be \"abandon\" or {\"holdMinutes\": n}, not \"keep\"",
                "\"onFailure\":{} | x: onFailure.holdMinutes is missing",
                "\"onFailure\":{\"holdMinutes\":-1} | x: onFailure.holdMinutes must be 0 to 2880, not -1",
                "\"onFailure\":{\"holdMinutes\":2147483647} | x: onFailure.holdMinutes must be 0 to 2880, not 2147483647",
                "\"onFailure\":{\"holdMinutes\":2880} | x: launchDeadlineSeconds + hold must be less than 172800",
                "\"breaker\":{\"failures\":0} | x: breaker.failures must be 1 to 100, not 0",
                "\"breaker\":{\"abandonments\":1001} | x: breaker.abandonments must be 1 to 1000, not 1001",
                "\"breaker\":{\"limit\":1} | x: breaker.limit is not a field that Gantry knows",
                "\"breaker\":3 | x: breaker must be a JSON object, not 3",
                "\"onFailure\":{\"holdMinute\":1} | x: onFailure.holdMinute is not a field that Gantry knows",
            })
    void aFieldThatDoesNotFitIsNamed(String field, String message) {
        assertRefused(message, with(field));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"fleet\":\"web\" | \"fleet\":\"db\" | x: fleet must be 'web', the fleet that the object's key names",
                "\"fleet\":\"web\", | | x: fleet is missing",
                "\"mode\":\"enforce\" | \"mode\":\"on\" | x: mode must be one of [enforce, observe], not 'on'",
                "\"mode\":\"enforce\" | \"mode\":\"unknown\" | x: mode must be one of [enforce, observe], not 'unknown'",
                "\"mode\":\"enforce\", | | x: mode is missing",
                "\"version\":\"7\" | \"version\":\"$LATEST\" | x: document: document.version must be a number, not '$LATEST'",
                "\"version\":\"7\" | \"version\":7 | x: document.version must be a string, not 7",
                "\"version\":\"7\" | \"version\":\"7\",\"hash\":\"ab\" | x: document: document.hash must be a sha256",
                "\"version\":\"7\" | \"version\":\"7\",\"sha\":\"ab\" | x: document.sha is not a field that Gantry knows",
                "\"name\":\"AWS-ApplyAnsiblePlaybooks\", | | x: document.name is missing",
                "\"version\":\"7\" | \"version\":\"7\",\"parameters\":[] | x: document.parameters must be a JSON object",
                "\"version\":\"7\" | \"version\":\"7\",\"parameters\":{\"A\":1} | x: document.parameters.A must be a string, not 1",
                "\"version\":\"7\" | \"version\":\"7\",\"parameters\":{\"RunId\":\"1\"} | x: document.parameters.RunId is set by Gantry",
                "\"version\":\"7\" | \"version\":\"7\",\"parameters\":{\"Verbose\":\"-v\"} | x: document.parameters.Verbose is set by",
            })
    void aRequiredFieldThatDoesNotFitIsNamed(String from, String to, String message) {
        assertRefused(message, LEAST.replace(from, to == null ? "" : to));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "SSM=True", " a=1  b='x y' c=~/x ", "a='it' b=', '", "a=$HOME", "a=it's"})
    void extraVariablesThatAwssDocumentAcceptsAreAccepted(String value) {
        assertEquals(value, read(withVariables(LEAST, value)).extraVariables());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a=",
                "=1",
                "a b=1",
                "a-b=1",
                "日本=1",
                "a='x y",
                "a='x' y",
                "a=1;b=2",
                "u='http://x'",
                "a=(1)"
            })
    void extraVariablesThatAwssDocumentWouldRefuseAreRefusedBefore(String value) {
        assertRefused(
                "x: extraVariables must be name=value pairs with spaces between them, a value with spaces in single"
                        + " quotes, and none of | : ( ) ; & anywhere: AWS-ApplyAnsiblePlaybooks refuses anything else",
                withVariables(LEAST, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a=$HOME", "a=it's", "a=`id`", "a='x\\\\y'", "a=\\\"x\\\"", "a='x\\ny'", "a=1\\tb=2", "a=1\\n"})
    void extraVariablesThatTheHardenedDocumentWouldRefuseAreRefusedBefore(String value) {
        assertRefused(
                "x: extraVariables must be name=value pairs with spaces between them, a value with spaces in single"
                        + " quotes, and none of | : ( ) ; & $ ` \" \\ anywhere: Gantry-ApplyAnsiblePlaybooks refuses",
                withVariables(LEAST.replace("AWS-ApplyAnsiblePlaybooks", "Gantry-ApplyAnsiblePlaybooks"), value));
    }

    @Test
    void refusedExtraVariablesAreNotQuotedBecauseTheyMayBeSecrets() {
        String said = assertThrows(
                        GantryException.Misconfigured.class, () -> read(withVariables(LEAST, "password=hunter2;")))
                .getMessage();
        assertFalse(said.contains("hunter2"), said);
    }

    @Test
    void manyPairsWithAnErrorAtTheEndAreRefusedQuickly() {
        String pairs = "a='x' ".repeat(5_000) + "!";
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertRefused("x: extraVariables must be", withVariables(LEAST, pairs)));
    }

    private static String withVariables(String settings, String json) {
        return settings.replaceFirst(
                "}}$", java.util.regex.Matcher.quoteReplacement("},\"extraVariables\":\"" + json + "\"}"));
    }

    @Test
    void theModeOfAFleetWithoutSettingsCannotBeWritten() {
        Fleet fleet = Fleets.withoutSettings(WEB).fleet();
        String said = assertThrows(IllegalArgumentException.class, () -> SettingsJson.write(fleet))
                .getMessage();
        assertTrue(said.contains("not UNKNOWN"), said);
    }

    private static void assertRefused(String message, String json) {
        String said = assertThrows(GantryException.Misconfigured.class, () -> read(json))
                .getMessage();
        assertTrue(said.startsWith(message), said);
    }

    private static String with(String field) {
        return LEAST.replaceFirst("}}$", "}," + java.util.regex.Matcher.quoteReplacement(field) + "}");
    }

    private static Fleet read(String json) {
        return SettingsJson.read("x", WEB, json.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<Fleet> fleets() {
        Arbitrary<Policy> policies = Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 300),
                        Arbitraries.integers().between(5, 1200),
                        Arbitraries.integers().between(0, 600),
                        Arbitraries.of(Policy.Mode.ENFORCE, Policy.Mode.OBSERVE),
                        Arbitraries.integers().between(1, 100),
                        Arbitraries.integers().between(0, 3600))
                .as((attempts, backoff, run, hold, mode, limit, after) -> new PolicyBuilder()
                        .launchDeadline(Duration.ofHours(6))
                        .agentDeadline(Duration.ofMinutes(10))
                        .attempts(attempts)
                        .backoff(Duration.ofSeconds(backoff))
                        .deliveryTimeout(Duration.ofMinutes(2))
                        .runTimeout(Duration.ofSeconds(run))
                        .heartbeat(Duration.ofMinutes(30))
                        .hold(Duration.ofMinutes(hold))
                        .mode(mode)
                        .breaker(new BreakerLimits(limit, 10 * limit))
                        .fallback(after == 0 ? Fallback.NEVER : Fallback.whenUnreachable(Duration.ofSeconds(after)))
                        .build());
        return Combinators.combine(
                        Arbitraries.of("web", "web/eu 1", "日本"),
                        Arbitraries.of("gantry", "a/b-c_1"),
                        documents(),
                        Arbitraries.of(true, false),
                        Arbitraries.of("", "a=1", "a='x y' b=2"),
                        policies)
                .as((name, hook, document, install, variables, policy) -> new Fleet(
                        new dev.gantry.launch.fleet.FleetName(name),
                        hook,
                        document,
                        "site.yml",
                        variables,
                        install,
                        "-vv",
                        document.identifiesRuns() ? policy : policy.with(Fallback.NEVER)));
    }

    private static Arbitrary<Document> documents() {
        return Combinators.combine(
                        Arbitraries.of("Gantry-ApplyAnsiblePlaybooks", "AWS-ApplyAnsiblePlaybooks"),
                        Arbitraries.strings().withChars("abc019").ofLength(64).optional(),
                        Arbitraries.of(true, false),
                        Arbitraries.maps(
                                        Arbitraries.of("InstallFrom", "AnsibleVersion"),
                                        Arbitraries.of("", "2.17", "x y"))
                                .ofMaxSize(2))
                .as((name, hash, identifies, parameters) -> new Document(name, "12", hash, identifies, parameters));
    }
}
