package dev.gantry.aws.s3;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Ahead;
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

    /**
     * A run is claimed only for a bundle that was found to be whole at most this long ago. An agent fetches the bundle seconds after
     * the claim, so that a shorter time would prove nothing more.
     */
    private static final Duration WHOLE_FOR = Duration.ofSeconds(5);

    /** Writers of one release: a proposal, a breaker, an operator. More in a row than this is a fault of ours. */
    private static final int ROUNDS = 10;

    private final S3Objects objects;
    private final InstantSource clock;
    private final Ahead ahead;
    private final Map<FleetName, Kept> kept = new ConcurrentHashMap<>();
    private final Map<FleetName, Whole> whole = new ConcurrentHashMap<>();

    /** One object is read after another. */
    public S3Fleets(S3Client s3, String bucket, InstantSource clock) {
        this(s3, bucket, clock, Ahead.NEVER);
    }

    /**
     * Over a bucket.
     *
     * @param ahead starts reading a fleet's release while its settings are read
     */
    public S3Fleets(S3Client s3, String bucket, InstantSource clock, Ahead ahead) {
        this.objects = new S3Objects(s3, bucket);
        this.clock = clock;
        this.ahead = ahead;
    }

    /** A bundle that was found to be whole when its fleet was read, and when S3 was asked about it. */
    private record Whole(BundleId bundle, Instant at) {}

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
        // A second caller waits for a reading that is under way. What it throws is not kept.
        return kept.compute(
                        fleet,
                        (name, known) -> known != null && known.isFresh(now) ? known : new Kept(read(name, now), now))
                .view();
    }

    private Optional<View> read(FleetName fleet, Instant now) {
        Supplier<Optional<StoredObject>> release = ahead.start(() -> objects.read(ObjectKeys.release(fleet)));
        return objects.read(ObjectKeys.settings(fleet)).map(settings -> view(fleet, settings, release.get(), now));
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
        return release.launchable().flatMap(bundle -> {
            Instant now = clock.instant();
            Optional<String> flaw = askedFlaw(fleet, bundle);
            if (flaw.isEmpty()) {
                whole.put(fleet, new Whole(bundle, now));
            }
            return flaw;
        });
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
        Instant now = clock.instant();
        boolean isKnown = Optional.ofNullable(whole.get(fleet))
                .filter(found -> found.bundle().equals(bundle))
                .filter(found -> now.isBefore(found.at().plus(WHOLE_FOR)))
                .isPresent();
        if (isKnown) {
            return Optional.empty();
        }
        return askedFlaw(fleet, bundle);
    }

    private Optional<String> askedFlaw(FleetName fleet, BundleId bundle) {
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
                            + " SHA-256 of the whole object, because something other than gantry uploaded it"
                            + " (another checksum, or in several parts); delete it as an administrator, and publish it with "
                            + publishing(fleet));
        }
        return sha256.filter(found -> !found.equals(bundle.sha256()))
                .map(found -> objects.name(key) + " was written over: its bytes have the SHA-256 " + found
                        + ", which is not its name; find out who did, delete it as an administrator, and publish it again with "
                        + publishing(fleet));
    }

    private static String publishing(FleetName fleet) {
        return "gantry publish '" + fleet + "'";
    }
}
