package dev.gantry.sandbox.autoscaling;

import java.time.Instant;
import java.util.Optional;

/** An instance of a group or of its warm pool. Changed under the service's lock only. */
final class Member {
    private final String id;
    private final String zone;
    private final Optional<String> subnet;
    private final LaunchSource source;
    private final Instant launched;
    private LifecycleState rest = LifecycleState.PENDING;
    private Optional<Passage> passage = Optional.empty();
    private Optional<Instant> inServiceSince = Optional.empty();
    private boolean healthy = true;
    private boolean protectedFromScaleIn;

    Member(String id, String zone, Optional<String> subnet, LaunchSource source, Instant launched) {
        this.id = id;
        this.zone = zone;
        this.subnet = subnet;
        this.source = source;
        this.launched = launched;
    }

    String id() {
        return id;
    }

    String zone() {
        return zone;
    }

    Optional<String> subnet() {
        return subnet;
    }

    LaunchSource source() {
        return source;
    }

    Instant launched() {
        return launched;
    }

    LifecycleState state() {
        return passage.map(Passage::state).orElse(rest);
    }

    Optional<Passage> passage() {
        return passage;
    }

    void take(Passage next) {
        passage = Optional.of(next);
    }

    void restIn(LifecycleState state) {
        passage = Optional.empty();
        rest = state;
    }

    /** In the group and no longer, or not yet, on its way out: what the desired capacity counts. */
    boolean serving() {
        return passage.map(p -> p.journey().to() == Place.GROUP)
                .orElse(rest == LifecycleState.IN_SERVICE || rest == LifecycleState.PENDING);
    }

    /** In the warm pool or on its way in: what the size of the pool counts. */
    boolean warming() {
        return passage.map(p -> p.journey().to() == Place.WARM_POOL).orElse(rest.warmed());
    }

    boolean restsIn(LifecycleState state) {
        return passage.isEmpty() && rest == state;
    }

    boolean restsInPool() {
        return passage.isEmpty() && rest.warmed();
    }

    Optional<Instant> inServiceSince() {
        return inServiceSince;
    }

    void enteredServiceAt(Instant now) {
        inServiceSince = Optional.of(now);
    }

    boolean healthy() {
        return healthy;
    }

    void healthy(boolean value) {
        healthy = value;
    }

    boolean protectedFromScaleIn() {
        return protectedFromScaleIn;
    }

    void protectedFromScaleIn(boolean value) {
        protectedFromScaleIn = value;
    }
}
