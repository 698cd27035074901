package dev.gantry.bastion.keys;

import dev.gantry.bastion.store.Bucket;
import dev.gantry.launch.error.GantryException;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.Unreadable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * Keeps the function's key pairs in {@code bastion/keys/pair.json}, encrypted under a KMS key, and their public halves in
 * {@code bastion/keys/public.json}.
 *
 * <p>{@code pair.json} is authoritative and changed by conditional writes only; {@code public.json} is made from it, and made
 * again if a rotation was killed between the two.
 */
public final class SshKeys {
    static final String PAIR = ObjectKeys.KEY_PAIR;
    static final String PUBLIC = ObjectKeys.PUBLIC_KEYS;

    private static final Duration SHORTEST_OVERLAP = Duration.ofMinutes(1);
    /** The longest wait of a launch hook (EC2 Auto Scaling user guide, "Lifecycle hook limits"). */
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(2);

    private final Bucket bucket;
    private final String kmsKey;
    private final InstantSource clock;

    public SshKeys(Bucket bucket, String kmsKey, InstantSource clock) {
        this.bucket = bucket;
        this.kmsKey = kmsKey;
        this.clock = clock;
    }

    private record Loaded(KeyRing ring, String version) {}

    /**
     * The pairs to log in with; publishes their public halves if that was not done yet.
     *
     * @throws GantryException.Misconfigured if there are none yet
     */
    public KeyRing load() {
        KeyRing ring = read().orElseThrow(
                        () -> new GantryException.Misconfigured("there is no key pair at " + bucket.uri(PAIR)
                                + "; make the first by invoking this function with {\"action\": \"rotate\"}"))
                .ring();
        byte[] expected = KeyRingJson.open(ring);
        boolean published = bucket.read(PUBLIC)
                .filter(stored -> Arrays.equals(stored.bytes(), expected))
                .isPresent();
        if (!published) {
            bucket.write(PUBLIC, expected);
        }
        return ring;
    }

    /**
     * Makes a new current pair. The previous one stays valid for the overlap: by its end, every instance that read the old
     * public half at boot has ended its launch.
     *
     * @param overlap one launch deadline
     * @return the pairs as they are now
     * @throws IllegalStateException if the last rotation's overlap is not over: instances would know neither half
     */
    public KeyRing rotate(Duration overlap) {
        if (overlap.compareTo(SHORTEST_OVERLAP) < 0 || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw new IllegalArgumentException("overlapSeconds must be " + SHORTEST_OVERLAP.toSeconds() + " to "
                    + LONGEST_OVERLAP.toSeconds() + ", one launch deadline; not " + overlap.toSeconds());
        }
        Instant now = clock.instant();
        Optional<Loaded> loaded = read();
        loaded.flatMap(found -> found.ring().previous())
                .filter(old -> old.isValid(now))
                .ifPresent(old -> {
                    throw new IllegalStateException(
                            "the keys were rotated less than one launch deadline ago; rotate again after "
                                    + old.validUntil() + ", when no instance knows only the key before");
                });
        SshKeyPair fresh = SshKeyPair.make(now);
        KeyRing ring = loaded.map(found -> found.ring().rotated(fresh, now.plus(overlap)))
                .orElseGet(() -> new KeyRing(fresh, Optional.empty()));
        if (!bucket.writeSecret(PAIR, KeyRingJson.secret(ring), loaded.map(Loaded::version), kmsKey)) {
            throw new IllegalStateException("another rotation happened at the same moment; this call changed nothing");
        }
        bucket.write(PUBLIC, KeyRingJson.open(ring));
        return ring;
    }

    private Optional<Loaded> read() {
        return bucket.read(PAIR).map(stored -> {
            try {
                return new Loaded(KeyRingJson.read(stored.bytes()), stored.version());
            } catch (Unreadable e) {
                throw new GantryException.Misconfigured(bucket.uri(PAIR) + ": " + e.getMessage(), e);
            }
        });
    }
}
