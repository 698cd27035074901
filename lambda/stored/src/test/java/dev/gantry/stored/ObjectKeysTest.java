package dev.gantry.stored;

import static dev.gantry.stored.Samples.BUNDLE;
import static dev.gantry.stored.Samples.NOW;
import static dev.gantry.stored.Samples.RUN;
import static dev.gantry.stored.Samples.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeysTest {
    private static final InstanceId INSTANCE = Samples.instance(1);
    private static final String SHA = BUNDLE.sha256();

    @Test
    void eachThingOfAFleetHasItsKey() {
        assertEquals("fleets/web/settings.json", ObjectKeys.settings(WEB));
        assertEquals("fleets/web/release.json", ObjectKeys.release(WEB));
        assertEquals("bundles/web/" + SHA + ".zip", ObjectKeys.bundle(WEB, BUNDLE));
        assertEquals("diagnostics/web", ObjectKeys.diagnostics(WEB));
        assertEquals("launches/web/waiting.json", ObjectKeys.waiting(WEB));
        assertEquals("launches/web/i-00000000000000001.json", ObjectKeys.launch(WEB, INSTANCE));
        assertEquals(
                "failures/web/" + SHA + "/i-00000000000000001-2.json", ObjectKeys.failure(WEB, BUNDLE, INSTANCE, 2));
        assertEquals(
                "abandonments/web/20260131T120000000Z-i-00000000000000001-2.json",
                ObjectKeys.abandonment(WEB, NOW, INSTANCE, 2));
        assertEquals("bastion/answers/run-0123456789abcdef/i-00000000000000001.json", ObjectKeys.answer(RUN, INSTANCE));
    }

    @Test
    void aFleetsNameIsEncodedSoThatItIsOneFolder() {
        assertEquals("fleets/web%2Feu%201/settings.json", ObjectKeys.settings(new FleetName("web/eu 1")));
    }

    @Test
    void anAbandonmentSortsAfterThoseOfEarlierMilliseconds() {
        String now = ObjectKeys.abandonment(WEB, NOW, INSTANCE, 1);

        assertTrue(now.compareTo(ObjectKeys.abandonmentsSince(WEB, NOW)) > 0);
        assertTrue(now.compareTo(ObjectKeys.abandonmentsSince(WEB, NOW.plusMillis(1))) < 0);
        assertTrue(now.startsWith(ObjectKeys.abandonments(WEB)));
        assertEquals("i-00000000000000001-1.json", ObjectKeys.stayOfAbandonment(now));
    }

    @Test
    void anAbandonmentsStayIsReadBackWhateverItsFleetsName() {
        String key = ObjectKeys.abandonment(new FleetName("web-"), NOW, INSTANCE, 3);

        assertEquals("i-00000000000000001-3.json", ObjectKeys.stayOfAbandonment(key));
    }

    @Test
    void theInstanceOfAFailureIsReadBack() {
        assertEquals(Optional.of(INSTANCE), ObjectKeys.failedInstance(ObjectKeys.failure(WEB, BUNDLE, INSTANCE, 12)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "failures/web/x/", "failures/web/x/i-00000000000000001.json", "failures/web/x/note-1.json"})
    void anotherKeyIsNoFailure(String key) {
        assertEquals(Optional.empty(), ObjectKeys.failedInstance(key));
    }

    @Test
    void theFleetOfSettingsIsReadBack() {
        FleetName fleet = new FleetName("web/eu 1");

        assertEquals(Optional.of(fleet), ObjectKeys.fleetOfSettings(ObjectKeys.settings(fleet)));
        assertEquals(Optional.of(new FleetName("w")), ObjectKeys.fleetOfSettings("fleets/w/settings.json"));
    }

    /** Gantry would encode the last one differently: the fleet would have another object. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fleets/web/release.json",
                "bundles/web/settings.json",
                "fleets/settings.json",
                "fleets//settings.json",
                "fleets/%2/settings.json",
                "fleets/%77eb/settings.json"
            })
    void anotherKeyIsNoFleets(String key) {
        assertEquals(Optional.empty(), ObjectKeys.fleetOfSettings(key));
    }

    @Test
    void aPagesMarkIsNamedByItsWindowAndTheDigestOfWhatItIsAbout() {
        assertEquals(
                "pages/20260131T120000000Z/2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae.json",
                ObjectKeys.pageMark("foo", NOW));
    }
}
