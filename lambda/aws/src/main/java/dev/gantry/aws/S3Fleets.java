package dev.gantry.aws;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.ReleaseJson;
import dev.gantry.stored.SettingsJson;
import dev.gantry.stored.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Settings and releases in S3, read together and cached for at most 60 s. Missing settings are cached for 10 s, so that a new
 * fleet does not wait long. A failed read is not cached.
 *
 * <p>If settings or release cannot be read, or if the current bundle is missing or was overwritten, that is the view's trouble and
 * not an error: the fleet's instances are kept until somebody has repaired it.
 */
public final class S3Fleets implements Fleets {
    private static final Duration KEPT = Duration.ofSeconds(60);
    private static final Duration ABSENCE_KEPT = Duration.ofSeconds(10);

    /** Writers of one release: a proposal, a breaker, an operator. More conflicts in a row than this are a defect. */
    private static final int ROUNDS = 10;

    private final S3Objects objects;
    private final InstantSource clock;
    private final Map<FleetName, Kept> kept = new ConcurrentHashMap<>();

    public S3Fleets(S3Client s3, String bucket, InstantSource clock) {
        this.objects = new S3Objects(s3, bucket);
        this.clock = clock;
    }

    private record Kept(Optional<View> view, Instant readAt) {
        boolean isFresh(Instant now) {
            return now.isBefore(readAt.plus(view.isPresent() ? KEPT : ABSENCE_KEPT));
        }
    }

    /** Listed without a delimiter: a folder that holds a release and no settings is not a fleet. */
    @Override
    public Set<FleetName> names() {
        Set<FleetName> names = new TreeSet<>();
        objects.keys(ObjectKeys.FLEETS)
                .forEach(key -> ObjectKeys.fleetOfSettings(key).ifPresent(names::add));
        return names;
    }

    @Override
    public Optional<View> find(FleetName fleet) {
        Instant now = clock.instant();
        Optional<Kept> known = Optional.ofNullable(kept.get(fleet)).filter(entry -> entry.isFresh(now));
        if (known.isPresent()) {
            return known.get().view();
        }
        Optional<View> view = read(fleet, now);
        kept.put(fleet, new Kept(view, now));
        return view;
    }

    private Optional<View> read(FleetName fleet, Instant now) {
        String key = ObjectKeys.settings(fleet);
        return objects.read(key).map(settings -> {
            Optional<StoredObject> release = objects.read(ObjectKeys.release(fleet));
            return view(fleet, settings, release, now);
        });
    }

    /** Catches errors of parsing only: if S3 refuses to answer, the object is not broken. */
    private View view(FleetName fleet, StoredObject settings, Optional<StoredObject> release, Instant now) {
        Parsed<Release> parsed = parse(() -> release(fleet, release), Release.NONE);
        Fleet read;
        try {
            read = SettingsJson.read(objects.name(ObjectKeys.settings(fleet)), fleet, settings.bytes());
        } catch (GantryException.Misconfigured e) {
            return Fleets.broken(fleet, parsed.value(), e.getMessage());
        }
        Optional<String> wrong = parsed.broken().or(() -> brokenBundle(fleet, parsed.value()));
        return new View(read, parsed.value(), wrong.map(why -> new Trouble(Trouble.Kind.MISCONFIGURED, why, now)));
    }

    private record Parsed<T>(T value, Optional<String> broken) {}

    private static <T> Parsed<T> parse(Supplier<T> parser, T otherwise) {
        try {
            return new Parsed<>(parser.get(), Optional.empty());
        } catch (GantryException.Misconfigured e) {
            return new Parsed<>(otherwise, Optional.of(e.getMessage()));
        }
    }

    private Release release(FleetName fleet, Optional<StoredObject> stored) {
        return stored.map(object -> ReleaseJson.read(objects.name(ObjectKeys.release(fleet)), object.bytes()))
                .orElse(Release.NONE);
    }

    private Optional<String> brokenBundle(FleetName fleet, Release release) {
        return release.launchable().flatMap(bundle -> flaw(fleet, bundle));
    }

    @Override
    public Release change(FleetName fleet, UnaryOperator<Release> change) {
        String key = ObjectKeys.release(fleet);
        for (int round = 0; round < ROUNDS; round++) {
            Optional<StoredObject> stored = objects.read(key);
            Release before = release(fleet, stored);
            Release after = change.apply(before);
            if (after.equals(before)
                    || objects.write(key, ReleaseJson.write(after), stored.map(StoredObject::version))
                            .isPresent()) {
                kept.remove(fleet);
                return after;
            }
        }
        throw new GantryException.Retryable(
                "changing " + objects.name(key) + ": other writers changed it " + ROUNDS + " times since; try again",
                null);
    }

    /**
     * One HeadObject with checksum mode. S3 computed the checksum when the object was written (S3 user guide, "Checking object
     * integrity"), so an object that was overwritten under the same name is detected here.
     */
    @Override
    public Optional<String> flaw(FleetName fleet, BundleId bundle) {
        String key = ObjectKeys.bundle(fleet, bundle);
        Optional<S3Objects.Head> head = objects.head(key);
        if (head.isEmpty()) {
            return Optional.of("bundle " + bundle.sha256() + " is not in the bucket, at " + objects.name(key)
                    + "; publish it first, with " + publishing(fleet));
        }
        Optional<String> sha256 = head.get().sha256();
        if (sha256.isEmpty()) {
            return Optional.of(
                    "it cannot be checked whether " + objects.name(key) + " has the sha256 of its name: S3 keeps no"
                            + " SHA-256 of the whole object, because something other than scripts/publish uploaded it"
                            + " (another checksum, or in several parts); delete it as an administrator, and publish it with "
                            + publishing(fleet));
        }
        return sha256.filter(found -> !found.equals(bundle.sha256()))
                .map(found -> objects.name(key) + " was written over: its bytes have the SHA-256 " + found
                        + ", which is not its name; find out who did, delete it as an administrator, and publish it again with "
                        + publishing(fleet));
    }

    private static String publishing(FleetName fleet) {
        return "scripts/publish --fleet '" + fleet + "'";
    }
}
