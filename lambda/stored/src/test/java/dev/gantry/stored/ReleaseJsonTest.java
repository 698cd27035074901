package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseJsonTest {

    @Property(tries = 300)
    void whatIsWrittenIsReadBackEqual(@ForAll("releases") Release release) {
        assertEquals(release, ReleaseJson.read("x", ReleaseJson.write(release)));
    }

    @Test
    void anEmptyObjectIsAFleetToWhichNothingWasPublished() {
        assertEquals(Release.NONE, read("{}"));
    }

    @Test
    void theObjectHasItsDocumentedForm() {
        BundleId good = new BundleId("ab".repeat(32));
        BundleId bad = new BundleId("cd".repeat(32));
        Release release = Release.NONE
                .withCurrent(good)
                .succeeded(good, Samples.NOW)
                .opened(bad, "3 failures", LaunchProcess.RUNNING)
                .suspending("many")
                .suspended();

        assertEquals(
                ("{\"current\":\"GOOD\",\"lastGood\":\"GOOD\",\"quarantined\":{\"BAD\":{\"reason\":\"3 failures\",\"told\":false}},"
                                + "\"launchSuspended\":true,\"suspension\":\"suspended\",\"suspendedFor\":\"many\","
                                + "\"countFrom\":{\"GOOD\":{\"at\":\"2026-01-31T12:00:00Z\"}}}")
                        .replace("GOOD", good.sha256())
                        .replace("BAD", bad.sha256()),
                new String(ReleaseJson.write(release), StandardCharsets.UTF_8));
    }

    @Test
    void aReleaseOfTheVersionBeforeSaysOnlyWhetherLaunchesAreSuspended() {
        assertEquals(Suspension.SUSPENDED, read("{\"launchSuspended\":true}").suspension());
        assertEquals(Suspension.NONE, read("{\"launchSuspended\":false}").suspension());
    }

    @Test
    void fieldsOfANewerVersionAreIgnored() {
        assertEquals(Release.NONE, read("{\"colour\":\"red\"}"));
    }

    @Test
    void changesComeLastAndAKindOfANewerVersionIsIgnored() {
        BundleId bundle = new BundleId("ab".repeat(32));
        Release release = Release.NONE
                .withCurrent(bundle)
                .noting(Release.NONE, new Change(Samples.NOW, Change.Kind.CURRENT, Optional.of(bundle), "ann"));
        String json = new String(ReleaseJson.write(release), StandardCharsets.UTF_8);

        assertTrue(
                json.endsWith(",\"changes\":[{\"at\":\"2026-01-31T12:00:00Z\",\"what\":\"current\",\"bundle\":\""
                        + bundle.sha256() + "\",\"by\":\"ann\"}]}"),
                json);
        assertEquals(release, read(json.replace("\"changes\":[", "\"changes\":[{\"what\":\"painted\"},")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | x must be a JSON object, not []",
                "{\"current\":7} | x: current must be a string, not 7",
                "{\"lastGood\":\"a\"} | x: lastGood is not a bundle: 'a' (expected the sha256 of a zip, 64 hex digits)",
                "{\"quarantined\":[]} | x: quarantined must be a JSON object, not []",
                "{\"quarantined\":{\"a\":{\"reason\":\"r\"}}} | x: quarantined.a is not a bundle: 'a' (expected the sha256 of a"
                        + " zip, 64 hex digits)",
                "{\"quarantined\":{\"a\":\"r\"}} | x: quarantined.a must be a JSON object, not \"r\"",
                "{\"suspension\":\"maybe\"} | x: suspension must be one of [intended, none, suspended], not 'maybe'",
                "{\"liftedAt\":\"now\"} | x: liftedAt must be a time like 2026-01-31T12:00:00Z, not 'now'",
                "{\"countFrom\":{\"a\":{}}} | x: countFrom.a is not a bundle: 'a' (expected the sha256 of a zip, 64 hex digits)",
                "{\"changes\":[{\"what\":\"current\",\"by\":\"a\"}]} | x: changes[0].at is missing",
                "{\"launchSuspended\":\"no\"} | x: launchSuspended must be true or false, not \"no\"",
            })
    void aFieldThatDoesNotFitIsNamed(String json, String message) {
        assertEquals(
                message,
                assertThrows(GantryException.Misconfigured.class, () -> read(json))
                        .getMessage());
    }

    private static Release read(String json) {
        return ReleaseJson.read("x", json.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<Release> releases() {
        Arbitrary<BundleId> bundles =
                Arbitraries.strings().withChars("abc019").ofLength(64).map(BundleId::new);
        return Combinators.combine(
                        bundles.optional(),
                        bundles.optional(),
                        Arbitraries.maps(bundles, Arbitraries.strings().alpha().ofMaxLength(20))
                                .ofMaxSize(4),
                        breakers(bundles),
                        changes(bundles).list().ofMaxSize(4))
                .as((current, good, quarantined, breaker, changes) ->
                        new Release(current, good, quarantined, quarantinedOnly(breaker, quarantined), changes));
    }

    private static Arbitrary<Change> changes(Arbitrary<BundleId> bundles) {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9999).map(Samples.NOW::plusSeconds),
                        Arbitraries.of(Change.Kind.class),
                        bundles.optional(),
                        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(20))
                .as(Change::new);
    }

    private static Arbitrary<BreakerState> breakers(Arbitrary<BundleId> bundles) {
        Arbitrary<Instant> times = Arbitraries.integers().between(0, 9999).map(Samples.NOW::plusSeconds);
        return Combinators.combine(
                        Arbitraries.of(Suspension.class),
                        Arbitraries.strings().alpha().optional(),
                        Arbitraries.maps(bundles, times).ofMaxSize(4),
                        times.optional())
                .as((suspension, why, countFrom, liftedAt) ->
                        new BreakerState(suspension, why, countFrom, liftedAt, Set.of()));
    }

    /** Only a quarantined bundle can be unannounced. */
    private static BreakerState quarantinedOnly(BreakerState breaker, Map<BundleId, String> quarantined) {
        return new BreakerState(
                breaker.suspension(),
                breaker.suspendedFor(),
                breaker.countFrom(),
                breaker.liftedAt(),
                quarantined.keySet().stream().limit(1).collect(Collectors.toSet()));
    }
}
