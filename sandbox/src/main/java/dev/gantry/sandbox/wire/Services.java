package dev.gantry.sandbox.wire;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the service of a request. AWS distinguishes services by host; this single endpoint uses the signing name in the
 * credential scope. {@code X-Amz-Target} is checked first: it names JSON services unambiguously.
 */
public final class Services {
    private final Map<String, Service> bySigningName = new ConcurrentHashMap<>();
    private final Map<String, Service> byTarget = new ConcurrentHashMap<>();
    private final Optional<Backing> backing;

    /** Services behind which there is nothing. */
    public Services() {
        this(Optional.empty());
    }

    /** Services with another stand-in behind them. */
    public Services(Optional<Backing> backing) {
        this.backing = backing;
    }

    /**
     * A service with its signing name, for example {@code ssm}, and how it is spoken to.
     *
     * @param isOwn whether the sandbox has it, and so checks keys and Regions
     */
    public record Service(String name, Protocol protocol, boolean isOwn) {}

    /** Adds a service that is found by its signing name. */
    public Services add(String name, Protocol protocol) {
        bySigningName.put(name, own(name, protocol));
        return this;
    }

    /** Adds a JSON service, found by the target's prefix too, for example {@code AmazonSSM}. */
    public Services addJson(String name, String targetPrefix, Protocol protocol) {
        byTarget.put(targetPrefix, own(name, protocol));
        return add(name, protocol);
    }

    Optional<Service> find(WireRequest request, Optional<Caller> caller) {
        Optional<Service> named = request.header("x-amz-target")
                .map(target -> target.substring(0, Math.max(0, target.indexOf('.'))))
                .map(byTarget::get);
        return named.or(() -> caller.map(Caller::service).map(bySigningName::get))
                .or(() -> backing.flatMap(there -> caller.map(Caller::service).map(there::behind)));
    }

    private Service own(String name, Protocol protocol) {
        return new Service(
                name, backing.map(there -> there.before(name, protocol)).orElse(protocol), true);
    }

    String names() {
        return String.join(", ", new TreeMap<>(bySigningName).keySet());
    }
}
