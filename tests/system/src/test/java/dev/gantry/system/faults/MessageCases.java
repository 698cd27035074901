package dev.gantry.system.faults;

import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.events.Delivery;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults.Fault;
import dev.gantry.system.e2e.Fleet;
import dev.gantry.system.faults.FaultCase.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Messages and sweeps that come twice, late, never, together, or end in the dead-letter queue. */
final class MessageCases {
    private static final Duration NEVER = Launch.PATIENCE.multipliedBy(2);
    private static final Duration SWEEPS = Duration.ofSeconds(3);
    private static final Duration LATE = Duration.ofSeconds(6);
    private static final Duration LATEST = Duration.ofSeconds(15);

    private MessageCases() {}

    static List<FaultCase> all() {
        return List.of(
                delivered("messages/doubled", event -> List.of(Duration.ZERO, Duration.ZERO)),
                delivered("messages/doubled-late", event -> List.of(Duration.ZERO, LATE)),
                delivered("messages/tenfold", event -> Collections.nCopies(10, Duration.ZERO)),
                delivered("messages/late", event -> List.of(LATE)),
                FaultCase.of("messages/overtaken-by-a-sweep", false, MessageCases::overtaken),
                new FaultCase(
                        "messages/dead-letters-redriven",
                        false,
                        Bench.IMPATIENT,
                        (bench, name) -> redriven(bench, name, false)),
                new FaultCase(
                        "messages/dead-letters-never-redriven",
                        false,
                        Bench.IMPATIENT,
                        (bench, name) -> redriven(bench, name, true)),
                FaultCase.of("messages/malformed-and-the-burial-fails", false, MessageCases::malformed),
                FaultCase.of("sweeps/two-at-once", false, (bench, name) -> together(bench, name, true)),
                FaultCase.of("sweeps/with-the-launch-message", false, (bench, name) -> together(bench, name, false)));
    }

    private static FaultCase delivered(String name, Delivery delivery) {
        return FaultCase.of(name, false, (bench, fleetName) -> {
            Fleet fleet = bench.fleet(fleetName, Trap.Plan.NONE);
            Launch launch = new Launch(bench, Journey.EVENTS, fleet, NEVER);
            bench.gantry.deliveries.deliver(fleetName, delivery);
            launch.toItsEnd();
            awaitStragglers(launch);
            return ended(bench, launch, fleet);
        });
    }

    /** The last copies of the events come after the end. */
    private static void awaitStragglers(Launch launch) throws InterruptedException {
        Instant end = Instant.now().plus(LATEST);
        Pause.until(() -> Instant.now().isAfter(end));
        launch.awaitItsEnd();
    }

    /** The launch event comes when sweeps have done everything. */
    private static Ending overtaken(Bench bench, String name) throws InterruptedException {
        Fleet fleet = bench.fleet(name, Trap.Plan.NONE);
        Launch launch = new Launch(bench, Journey.SWEEP, fleet, SWEEPS);
        bench.gantry.deliveries.deliver(name, event -> List.of(LATEST));
        launch.toItsEnd();
        awaitStragglers(launch);
        return ended(bench, launch, fleet);
    }

    /** The launch message kills the function each time, until it is in the dead-letter queue; then the function is repaired. */
    private static Ending redriven(Bench bench, String name, boolean sweepsInstead) throws InterruptedException {
        Set<String> lost = ConcurrentHashMap.newKeySet();
        Fleet fleet = bench.fleet(
                name,
                (point, key) -> isLost(key, lost)
                        ? new Fault.CallerLost(
                                false,
                                () -> bench.gantry.sandbox.cloud().lambda().kill(key))
                        : new Fault.None());
        Launch launch = new Launch(bench, Journey.EVENTS, fleet, NEVER);
        fleet.desire(1);
        boolean dead = bench.awaitMessages(ExampleFleet.DEAD_LETTERS, 1);
        String letters = bench.gantry.queueUrl(ExampleFleet.DEAD_LETTERS);
        if (sweepsInstead) {
            launch.sweepFromNowOn();
            launch.awaitState("InService");
            bench.gantry.sqs.purgeQueue(request -> request.queueUrl(letters));
        } else {
            String arn = "arn:aws:sqs:" + Sandbox.REGION + ":" + Sandbox.ACCOUNT + ":" + ExampleFleet.DEAD_LETTERS;
            bench.gantry.sqs.startMessageMoveTask(request -> request.sourceArn(arn));
        }
        launch.awaitItsEnd();
        return ended(bench, launch, fleet).unless(dead, "the launch message did not become a dead letter");
    }

    /** The first two functions are lost, whichever of their calls come first: they make several side by side. */
    private static synchronized boolean isLost(String accessKey, Set<String> lost) {
        return lost.contains(accessKey) || (lost.size() < 2 && lost.add(accessKey));
    }

    /** What cannot be read is kept, also while the dead-letter queue does not answer, and harms no launch. */
    private static Ending malformed(Bench bench, String name) throws InterruptedException {
        AtomicInteger burials = new AtomicInteger();
        Fleet fleet = bench.fleet(
                name,
                (point, key) -> point.call().equals("SendMessage") && burials.incrementAndGet() <= 3
                        ? new Fault.ErrorResponse(
                                new AwsError(503, "ServiceUnavailable", "The service is unavailable."), false)
                        : new Fault.None());
        String url = bench.gantry.queueUrl(ExampleFleet.QUEUE);
        bench.gantry.sqs.sendMessage(request -> request.queueUrl(url).messageBody("no JSON at all"));
        Launch launch = new Launch(bench, Journey.EVENTS, fleet, NEVER);
        fleet.desire(1);
        boolean buried = bench.awaitMessages(ExampleFleet.DEAD_LETTERS, 1);
        String letters = bench.gantry.queueUrl(ExampleFleet.DEAD_LETTERS);
        bench.gantry.sqs.purgeQueue(request -> request.queueUrl(letters));
        launch.awaitItsEnd();
        return ended(bench, launch, fleet)
                .unless(buried, "the message is not in the dead-letter queue")
                .unless(burials.get() >= 4, "it was put there in " + burials.get() + " calls");
    }

    /** Both have read the ledger before either writes its claim: the writes are late. */
    private static Ending together(Bench bench, String name, boolean twoSweeps) throws InterruptedException {
        AtomicInteger writes = new AtomicInteger();
        Fleet fleet = bench.fleet(
                name,
                (point, key) -> point.call().equals("PutObject launches") && writes.incrementAndGet() <= 2
                        ? new Fault.Delay(Duration.ofSeconds(2))
                        : new Fault.None());
        int mark = bench.gantry.calls.mark();
        // So that both processes run before the launch.
        CompletableFuture<?> warm = CompletableFuture.allOf(async(bench), async(bench));
        warm.join();
        Launch launch = new Launch(bench, twoSweeps ? Journey.SWEEP : Journey.EVENTS, fleet, SWEEPS);
        launch.sweepNotYet();
        fleet.desire(1);
        launch.awaitState("Pending:Wait");
        launch.awaitAgent();
        CompletableFuture<?> both = twoSweeps ? CompletableFuture.allOf(async(bench), async(bench)) : async(bench);
        both.join();
        launch.sweepFromNowOn();
        launch.awaitItsEnd();
        long lost = bench.gantry.calls.ofFunctions(mark, "PutObject").stream()
                .filter(call -> call.error().equals("PreconditionFailed"))
                .count();
        return ended(bench, launch, fleet).unless(lost >= 1 || !twoSweeps, "the two sweeps did not meet");
    }

    private static CompletableFuture<?> async(Bench bench) {
        return CompletableFuture.supplyAsync(bench::sweep);
    }

    private static Ending ended(Bench bench, Launch launch, Fleet fleet) throws InterruptedException {
        Ending ending = Ending.of(launch);
        bench.clear(fleet);
        return ending;
    }
}
