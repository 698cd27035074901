package dev.gantry.system.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.lambda.Lambda;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Faults for the functions' next calls; calls of tests and instances always succeed. */
final class Hazards implements Faults {
    private static final int LONGEST_MINUTES = 10;

    private final Map<String, Deque<Hazard>> armed = new ConcurrentHashMap<>();
    private volatile Optional<Gathering> gathering = Optional.empty();

    private record Gathering(String key, CountDownLatch missing) {}

    /** A fault, given the access key of the process that it meets. */
    private interface Hazard {
        Fault on(String accessKey);
    }

    static boolean isFunction(String accessKey) {
        return accessKey.startsWith("ASIA") && !accessKey.startsWith("ASIASANDBOXINSTANCE");
    }

    static Fault serverError(boolean afterEffect) {
        return new Fault.ErrorResponse(new AwsError(500, "InternalFailure", "something broke"), afterEffect);
    }

    static Fault throttled(String operation) {
        return operation.endsWith("Object")
                ? new Fault.ErrorResponse(new AwsError(503, "SlowDown", "Please reduce your request rate."), false)
                : Fault.ErrorResponse.throttled(operation.contains("Lifecycle") ? "Throttling" : "ThrottlingException");
    }

    /** The next calls of the operation meet these, one each. */
    void arm(String operation, List<Fault> faults) {
        faults.forEach(fault -> queue(operation).add(accessKey -> fault));
    }

    /** The next call of the operation takes effect, and its caller is killed before it is answered. */
    void armKill(String operation, Lambda lambda) {
        queue(operation).add(accessKey -> new Fault.CallerLost(true, () -> lambda.kill(accessKey)));
    }

    /** Writes of an instance's record take effect once so many of them were asked for. */
    void gatherWrites(String instance, int writes) {
        gathering = Optional.of(new Gathering("/" + instance + ".json", new CountDownLatch(writes)));
    }

    private static void await(CountDownLatch missing) {
        try {
            assertTrue(missing.await(LONGEST_MINUTES, TimeUnit.MINUTES), "the other call was not made");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether every fault that was armed has been met. */
    boolean isSpent() {
        return armed.values().stream().allMatch(Deque::isEmpty);
    }

    /** The faults that are still armed. */
    List<String> left() {
        return armed.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private Deque<Hazard> queue(String operation) {
        return armed.computeIfAbsent(operation, o -> new ConcurrentLinkedDeque<>());
    }

    @Override
    public Fault on(String service, String operation, String accessKey, String path) {
        if (operation.equals("PutObject") && isFunction(accessKey)) {
            gathering.filter(writes -> path.endsWith(writes.key())).ifPresent(writes -> {
                writes.missing().countDown();
                await(writes.missing());
            });
        }
        return on(service, operation, accessKey);
    }

    @Override
    public Fault on(String service, String operation, String accessKey) {
        if (!isFunction(accessKey)) {
            return new Fault.None();
        }
        Hazard next = armed.getOrDefault(operation, new ArrayDeque<>()).poll();
        return next == null ? new Fault.None() : next.on(accessKey);
    }
}
