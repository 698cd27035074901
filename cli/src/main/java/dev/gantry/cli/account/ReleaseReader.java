package dev.gantry.cli.account;

import dev.gantry.cli.base.Problem;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.Change;
import dev.gantry.launch.release.Release;
import dev.gantry.operator.BundleLine;
import dev.gantry.operator.BundleLines;
import dev.gantry.stored.ObjectKeys;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A fleet's published bundles, and their states. */
public final class ReleaseReader {
    private static final String SUFFIX = ".zip";
    /** Minimum number of digits: fewer digits of a sha256 could match several bundles by chance. */
    private static final int FEWEST_DIGITS = 6;

    private final S3Client s3;
    private final String bucket;
    private final FleetName fleet;
    private final Release release;

    ReleaseReader(Account account, FleetName fleet) {
        this.s3 = account.clients().s3();
        this.bucket = account.place().bucket();
        this.fleet = fleet;
        Fleets.View view = account.fleetsOfBucket().find(fleet).orElseThrow(() -> Problem.noFleet(fleet));
        this.release = view.release();
    }

    /** Every published bundle, the newest first. */
    public List<BundleLine> lines() {
        return BundleLines.of(release, uploads());
    }

    /** Who changed what, the newest first; only what was recorded. */
    public List<Change> changes() {
        return release.changes();
    }

    /** The bundle that succeeded last, where that is another one than the current. */
    public BundleId lastGood() {
        return release.lastGood()
                .filter(good -> !release.current().equals(Optional.of(good)) && !release.isQuarantined(good))
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "fleet " + fleet + " has no other bundle that is known to be good: choose one with --to; gantry"
                                + " releases lists them"));
    }

    /** The published bundle whose name begins so. */
    public BundleId published(String digits) {
        return only(digits, uploads().keySet(), "published for fleet " + fleet);
    }

    /** The quarantined bundle whose name begins so. */
    public BundleId quarantined(String digits) {
        return only(digits, release.quarantined().keySet(), "quarantined for fleet " + fleet);
    }

    private static BundleId only(String digits, Collection<BundleId> among, String what) {
        if (!digits.matches("[0-9a-f]{" + FEWEST_DIGITS + ",64}")) {
            throw new Problem(
                    Problem.USAGE,
                    "'" + digits + "' names no bundle: say at least " + FEWEST_DIGITS + " digits of its sha256");
        }
        List<BundleId> found = among.stream()
                .filter(bundle -> bundle.sha256().startsWith(digits))
                .toList();
        if (found.size() != 1) {
            throw new Problem(
                    Problem.REFUSED,
                    (found.isEmpty() ? "no bundle" : found.size() + " bundles") + " beginning with " + digits + " "
                            + (found.size() > 1 ? "are " : "is ") + what + "; gantry releases lists them");
        }
        return found.get(0);
    }

    private Map<BundleId, Instant> uploads() {
        String prefix = ObjectKeys.bundles(fleet);
        Map<BundleId, Instant> uploads = new TreeMap<>();
        Calls.said(
                        "listing s3://" + bucket + "/" + prefix,
                        () ->
                                s3
                                        .listObjectsV2Paginator(request ->
                                                request.bucket(bucket).prefix(prefix))
                                        .contents()
                                        .stream()
                                        .toList())
                .forEach(object -> put(uploads, object, prefix));
        return uploads;
    }

    private static void put(Map<BundleId, Instant> uploads, S3Object object, String prefix) {
        String name = object.key().substring(prefix.length());
        if (name.matches("[0-9a-f]{64}\\.zip")) {
            uploads.put(new BundleId(name.substring(0, name.length() - SUFFIX.length())), object.lastModified());
        }
    }
}
