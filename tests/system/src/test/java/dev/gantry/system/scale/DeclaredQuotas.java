package dev.gantry.system.scale;

import dev.gantry.aws.scale.Quotas;
import dev.gantry.aws.scale.Tally;
import dev.gantry.aws.scale.TokenBucket;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.wire.Faults;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The account's quotas: each call of a function to Auto Scaling or Systems Manager costs a token, and one that finds none is
 * throttled as those services do it. What the test asks by its own key costs nothing; instances call neither service.
 */
final class DeclaredQuotas implements Faults {
    private static final Map<String, String> THROTTLED =
            Map.of("autoscaling", "Throttling", "ssm", "ThrottlingException");

    private final Quotas quotas;
    private final Instant start = Instant.now();
    private final Map<String, TokenBucket> buckets = new TreeMap<>();
    private final Tally tally = new Tally();

    DeclaredQuotas(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public Fault on(String service, String operation, String accessKey) {
        if (!THROTTLED.containsKey(service) || accessKey.equals(Sandbox.ACCESS_KEY)) {
            return new Fault.None();
        }
        String call = service + ":" + operation;
        if (hasToken(service, call)) {
            tally.accepted(call);
            return new Fault.None();
        }
        tally.throttled(call);
        return Fault.ErrorResponse.throttled(THROTTLED.get(service));
    }

    private synchronized boolean hasToken(String service, String call) {
        TokenBucket bucket = service.equals("ssm")
                ? buckets.computeIfAbsent(call, c -> quotas.forSystemsManager(start))
                : buckets.computeIfAbsent(service, s -> quotas.forAutoScaling(start));
        return bucket.take(Instant.now());
    }

    Tally tally() {
        return tally;
    }
}
