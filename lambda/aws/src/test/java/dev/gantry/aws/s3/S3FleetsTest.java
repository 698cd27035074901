package dev.gantry.aws.s3;

import static dev.gantry.stored.Samples.NOW;
import static dev.gantry.stored.Samples.OTHER;
import static dev.gantry.stored.Samples.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.loopback.LoopbackS3;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.ReleaseJson;
import dev.gantry.stored.Samples;
import dev.gantry.stored.SettingsJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class S3FleetsTest extends FleetsContract {
    private final LoopbackS3 s3 = new LoopbackS3();
    private final LoopbackAws aws = new LoopbackAws(s3);
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final S3Fleets fleets = new S3Fleets(aws.clients().s3(), LoopbackS3.BUCKET, now::get);

    @Override
    Fleets fleets() {
        return fleets;
    }

    @Override
    void settings(Fleet fleet) {
        s3.put(ObjectKeys.settings(fleet.name()), new String(SettingsJson.write(fleet), StandardCharsets.UTF_8));
    }

    @Override
    void bundle(FleetName fleet, BundleId bundle) {
        s3.put(ObjectKeys.bundle(fleet, bundle), "zip", bundle.sha256());
    }

    @AfterEach
    void close() {
        aws.close();
    }

    private static final String BUNDLE_KEY = ObjectKeys.bundle(WEB, BUNDLE);

    private String flaw() {
        return fleets.flaw(WEB, BUNDLE).orElseThrow();
    }

    @Test
    void aBundleThatWasWrittenOverIsNamedWithItsDigestAndTheCommandThatRepairsIt() {
        s3.put(BUNDLE_KEY, "evil", OTHER.sha256());

        assertTrue(flaw().contains("s3://gantry-sandbox/" + BUNDLE_KEY), flaw());
        assertTrue(flaw().contains(OTHER.sha256()), flaw());
        assertTrue(flaw().contains("gantry publish 'web'"), flaw());
    }

    @Test
    void aCurrentBundleThatWasWrittenOverIsTheFleetsTrouble() {
        settings(Samples.fleet());
        fleets.change(WEB, release -> release.withCurrent(BUNDLE));
        s3.put(BUNDLE_KEY, "evil", OTHER.sha256());

        Trouble trouble = fleets.find(WEB).orElseThrow().trouble().orElseThrow();

        assertEquals(Trouble.Kind.MISCONFIGURED, trouble.kind());
        assertTrue(trouble.message().contains("was written over"), trouble.message());
    }

    @Test
    void aBundleWithoutASha256OfTheWholeIsRefused() {
        String sha256 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(BUNDLE.sha256()));
        s3.put(BUNDLE_KEY, "zip");
        assertTrue(flaw().contains("gantry publish"), flaw());

        s3.checksum(
                BUNDLE_KEY, Map.of("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=", "x-amz-checksum-type", "FULL_OBJECT"));
        assertTrue(flaw().contains("no SHA-256 of the whole object"), flaw());

        s3.checksum(BUNDLE_KEY, Map.of("x-amz-checksum-sha256", sha256 + "-2", "x-amz-checksum-type", "COMPOSITE"));
        assertTrue(flaw().contains("in several parts"), flaw());

        s3.checksum(BUNDLE_KEY, Map.of("x-amz-checksum-sha256", sha256, "x-amz-checksum-type", "COMPOSITE"));
        assertTrue(flaw().contains("in several parts"), flaw());
    }

    @Test
    void theChecksumIsReadAgainEachTimeByOneCall() {
        bundle(WEB, BUNDLE);
        assertEquals(Optional.empty(), fleets.flaw(WEB, BUNDLE));
        s3.put(BUNDLE_KEY, "evil", OTHER.sha256());

        assertTrue(fleets.flaw(WEB, BUNDLE).isPresent());
        assertEquals(2, aws.calls().size());
        assertEquals(2, aws.calls("HEAD").size());
    }

    private int heads() {
        return aws.calls("HEAD").size();
    }

    /** A look reads the fleet and then checks the bundle of its run; for a few seconds the first check counts for both. */
    @Test
    void aBundleThatWasFoundWholeWithItsFleetIsNotAskedAboutForFiveSeconds() {
        settings(Samples.fleet());
        bundle(WEB, BUNDLE);
        fleets.change(WEB, release -> release.withCurrent(BUNDLE));
        fleets.find(WEB);
        int before = heads();

        now.set(NOW.plusSeconds(5).minusMillis(1));
        assertEquals(Optional.empty(), fleets.flaw(WEB, BUNDLE));
        assertEquals(before, heads());

        s3.put(BUNDLE_KEY, "evil", OTHER.sha256());
        now.set(NOW.plusSeconds(5));
        assertTrue(flaw().contains("was written over"), flaw());
    }

    @Test
    void aWholeBundleSaysNothingAboutAnother() {
        settings(Samples.fleet());
        bundle(WEB, BUNDLE);
        fleets.change(WEB, release -> release.withCurrent(BUNDLE));
        fleets.find(WEB);

        assertTrue(fleets.flaw(WEB, OTHER).orElseThrow().contains("is not in the bucket"));
    }

    @Test
    void aBundleWithAFlawIsAskedAboutEachTime() {
        settings(Samples.fleet());
        fleets.change(WEB, release -> release.withCurrent(BUNDLE));
        fleets.find(WEB);

        assertTrue(flaw().contains("is not in the bucket"), flaw());
    }

    @Test
    void aChangeIsTriedTenTimes() {
        AtomicInteger tries = new AtomicInteger();

        String message = assertThrows(
                        GantryException.Retryable.class,
                        () -> fleets.change(WEB, release -> {
                            int writer = tries.incrementAndGet();
                            s3.put(
                                    "fleets/web/release.json",
                                    new String(
                                            ReleaseJson.write(Release.NONE.suspending("writer " + writer)),
                                            StandardCharsets.UTF_8));
                            return release.withCurrent(BUNDLE);
                        }))
                .getMessage();

        assertEquals(10, tries.get());
        assertTrue(message.contains("other writers changed it 10 times"), message);
    }

    @Test
    void aViewIsCachedForSixtySeconds() {
        settings(Samples.fleet());
        fleets.find(WEB);
        int reads = aws.calls().size();

        now.set(NOW.plusSeconds(59));
        fleets.find(WEB);
        assertEquals(reads, aws.calls().size());

        now.set(NOW.plusSeconds(60));
        fleets.find(WEB);
        assertEquals(2 * reads, aws.calls().size());
    }

    @Test
    void missingSettingsAreCachedForTenSeconds() {
        assertEquals(Optional.empty(), fleets.find(WEB));
        settings(Samples.fleet());

        now.set(NOW.plusSeconds(9));
        assertEquals(Optional.empty(), fleets.find(WEB));
        now.set(NOW.plusSeconds(10));
        assertEquals(Samples.fleet(), fleets.find(WEB).orElseThrow().fleet());
    }

    @Test
    void aReadThatFailedIsNotCached() {
        settings(Samples.fleet());
        s3.nextAnswers(Response.s3Error(403, "AccessDenied"));

        assertThrows(GantryException.Misconfigured.class, () -> fleets.find(WEB));
        assertEquals(Samples.fleet(), fleets.find(WEB).orElseThrow().fleet());
    }

    @Test
    void brokenSettingsAreTroubleAndTheFleetIsStillAFleet() {
        s3.put("fleets/web/settings.json", "{\"fleet\":\"web\",\"mode\":\"enforce\",\"hok\":\"x\"}");
        bundle(WEB, BUNDLE);
        fleets.change(WEB, release -> release.withCurrent(BUNDLE));

        Fleets.View view = fleets.find(WEB).orElseThrow();

        assertEquals(WEB, view.fleet().name());
        assertEquals(Policy.WITHOUT_SETTINGS, view.fleet().policy());
        assertEquals(Optional.of(BUNDLE), view.release().current());
        Trouble trouble = view.trouble().orElseThrow();
        assertEquals(Trouble.Kind.MISCONFIGURED, trouble.kind());
        assertEquals(
                true,
                trouble.message()
                        .startsWith(
                                "s3://gantry-sandbox/fleets/web/settings.json: hok is not a field that Gantry knows"),
                trouble.message());
        assertEquals(java.util.Set.of(WEB), fleets.names());
    }

    @Test
    void aBrokenReleaseIsTroubleAndIsNeverOverwritten() {
        settings(Samples.fleet());
        s3.put("fleets/web/release.json", "{\"current\":\"latest\"}");

        Fleets.View view = fleets.find(WEB).orElseThrow();

        assertEquals(Release.NONE, view.release());
        assertEquals(
                "s3://gantry-sandbox/fleets/web/release.json: current is not a bundle: 'latest' (expected the sha256 of a zip, 64"
                        + " hex digits)",
                view.trouble().orElseThrow().message());
        assertThrows(
                GantryException.Misconfigured.class, () -> fleets.change(WEB, release -> release.withCurrent(BUNDLE)));
        assertEquals("{\"current\":\"latest\"}", s3.text("fleets/web/release.json"));
    }

    @Test
    void aChangeThatMeetsAnotherOneIsMadeAgainOnTop() {
        Release other = fleets.change(WEB, release -> release.withCurrent(OTHER));
        s3.nextRequestGets(call -> Optional.empty());
        s3.nextRequestGets(call -> {
            s3.put(
                    "fleets/web/release.json",
                    new String(ReleaseJson.write(other.suspending("a test")), StandardCharsets.UTF_8));
            return Optional.empty();
        });

        Release changed = fleets.change(WEB, release -> release.withCurrent(BUNDLE));

        assertEquals(other.suspending("a test").withCurrent(BUNDLE), changed);
    }

    @Test
    void aChangeThatChangesNothingWritesNothing() {
        fleets.change(WEB, release -> release.withCurrent(BUNDLE));
        int writes = aws.calls("PUT").size();

        fleets.change(WEB, release -> release.withCurrent(BUNDLE));

        assertEquals(writes, aws.calls("PUT").size());
    }

    @Test
    void aQuarantinedCurrentBundleNeedNotBeThere() {
        settings(Samples.fleet());
        Release quarantined = Release.NONE.withCurrent(BUNDLE).opened(BUNDLE, "bad", LaunchProcess.RUNNING);
        s3.put("fleets/web/release.json", new String(ReleaseJson.write(quarantined), StandardCharsets.UTF_8));

        assertEquals(Optional.empty(), fleets.find(WEB).orElseThrow().trouble());
    }

    @Test
    void keysThatGantryWouldNotWriteAreNoFleets() {
        s3.put("fleets/settings.json", "{}");
        s3.put("fleets//settings.json", "{}");
        s3.put("fleets/a b/settings.json", "{}");
        s3.put("fleets/a%2/settings.json", "{}");
        s3.put("fleets/a%2f/settings.json", "{}");
        s3.put("fleets/a/b/settings.json", "{}");

        assertEquals(java.util.Set.of(), fleets.names());
    }
}
