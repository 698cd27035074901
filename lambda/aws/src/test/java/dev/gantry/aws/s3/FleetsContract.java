package dev.gantry.aws.s3;

import static dev.gantry.stored.Samples.OTHER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.stored.Samples;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Fleets} does; a subclass says which one, and how settings and bundles are made. */
abstract class FleetsContract {
    /** The SHA-256 of "zip", which takes the place of a bundle's bytes here. */
    static final BundleId BUNDLE = new BundleId("4a70fe9aa6436e02c2dea340fbd1e352e4ef2d8ce6ca52ad25d4b95471fc8bf2");

    static final FleetName FLEET = new FleetName("web/eu 1");

    abstract Fleets fleets();

    abstract void settings(Fleet fleet);

    abstract void bundle(FleetName fleet, BundleId bundle);

    @Test
    void aGroupWithoutSettingsIsNotAFleet() {
        fleets().change(FLEET, release -> release.suspending("a test"));

        assertEquals(Optional.empty(), fleets().find(FLEET));
        assertEquals(Set.of(), fleets().names());
    }

    @Test
    void everyFleetWithSettingsIsNamed() {
        settings(Samples.fleet(FLEET, Optional.empty()));
        settings(Samples.fleet());

        assertEquals(Set.of(FLEET, Samples.WEB), fleets().names());
    }

    @Test
    void aFleetToWhichNothingWasPublishedHasNoRelease() {
        Fleet fleet = Samples.fleet(FLEET, Optional.empty());
        settings(fleet);

        assertEquals(Optional.of(new Fleets.View(fleet, Release.NONE, Optional.empty())), fleets().find(FLEET));
    }

    @Test
    void aChangedReleaseIsSeenAtOnce() {
        settings(Samples.fleet(FLEET, Optional.empty()));
        bundle(FLEET, BUNDLE);
        fleets().find(FLEET);

        Release changed = fleets().change(FLEET, release -> release.withCurrent(BUNDLE));

        assertEquals(Optional.of(BUNDLE), changed.current());
        Fleets.View view = fleets().find(FLEET).orElseThrow();
        assertEquals(changed, view.release());
        assertEquals(Optional.empty(), view.trouble());
    }

    @Test
    void changesFollowEachOther() {
        fleets().change(FLEET, release -> release.withCurrent(BUNDLE));

        Release second = fleets().change(FLEET, release -> release.succeeded(BUNDLE, Samples.NOW));

        assertEquals(Release.NONE.withCurrent(BUNDLE).succeeded(BUNDLE, Samples.NOW), second);
    }

    @Test
    void aMissingCurrentBundleIsTroubleOfTheFleet() {
        settings(Samples.fleet(FLEET, Optional.empty()));
        fleets().change(FLEET, release -> release.withCurrent(BUNDLE));

        Trouble trouble = fleets().find(FLEET).orElseThrow().trouble().orElseThrow();

        assertEquals(Trouble.Kind.MISCONFIGURED, trouble.kind());
        assertTrue(trouble.message().contains(BUNDLE.sha256()), trouble.message());
    }

    @Test
    void bundlesBelongToTheirFleet() {
        bundle(FLEET, BUNDLE);

        assertEquals(Optional.empty(), fleets().flaw(FLEET, BUNDLE));
        assertTrue(fleets().flaw(FLEET, OTHER).orElseThrow().contains("is not in the bucket"));
        assertTrue(fleets().flaw(Samples.WEB, BUNDLE).isPresent());
    }
}
