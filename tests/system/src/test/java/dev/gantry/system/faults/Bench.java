package dev.gantry.system.faults;

import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.ExampleFleet.Tempo;
import dev.gantry.sandbox.lambda.Outcome;
import dev.gantry.sandbox.lambda.Throttled;
import dev.gantry.system.e2e.Deployment;
import dev.gantry.system.e2e.Fleet;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A deployment on which cases take turns, each with a fleet of its own. */
final class Bench implements AutoCloseable {
    /**
     * A function's timeout is as long as its clients' patience with two calls that hang; the queue shows a lost function's
     * messages again as soon as Lambda allows; the case sweeps. On AWS it is 60 s, 360 s, and a sweep each minute.
     */
    static final Tempo QUICK = new Tempo(Duration.ofSeconds(20), Duration.ofSeconds(20), Optional.empty(), 1000);

    /** The same, but a message that was received twice goes to the dead-letter queue. */
    static final Tempo IMPATIENT = new Tempo(QUICK.timeout(), QUICK.visibility(), Optional.empty(), 2);

    final Deployment gantry;
    final Trap trap;
    private final Tempo tempo;
    private final List<Failure> failures = new CopyOnWriteArrayList<>();

    /** An invocation that failed. */
    record Failure(Instant time, String text) {}

    private Bench(Deployment gantry, Trap trap, Tempo tempo) {
        this.gantry = gantry;
        this.trap = trap;
        this.tempo = tempo;
    }

    static Bench open(Tempo tempo) throws IOException {
        Trap trap = new Trap();
        Deployment gantry = Deployment.start(tempo, trap);
        trap.learn(gantry.sandbox.cloud().keys());
        Bench bench = new Bench(gantry, trap, tempo);
        // A sweep sometimes reads the release of an idle fleet: no case could predict these calls.
        bench.forget(ExampleFleet.GROUP);
        return bench;
    }

    boolean isOf(Tempo wanted) {
        return tempo.equals(wanted);
    }

    /** A fleet as Terraform and a publication leave it, without a call of a function. */
    Fleet fleet(String name, Trap.Plan plan) {
        trap.set(plan);
        Fleet fleet = Fleet.named(gantry, name);
        // One failed run is enough, and so is one failed instance for the breaker: no case waits for a second.
        fleet.settings.put("attempts", 1);
        fleet.settings.putObject("breaker").put("failures", 1).put("abandonments", 50);
        fleet.withSettings();
        String bundle = Fleet.sha256("the bundle");
        fleet.putBundle(bundle, "the bundle");
        fleet.put("fleets/" + name + "/release.json", "{\"current\": \"" + bundle + "\"}");
        return fleet.withGroup(fleet.hook("gantry", 300));
    }

    /** Invokes a function, which may be killed by that. */
    Outcome invoke(String function, String payload) {
        try {
            Outcome outcome =
                    gantry.sandbox.cloud().lambda().find(function).orElseThrow().invoke(payload);
            if (outcome.failed()) {
                failures.add(new Failure(Instant.now(), function + " failed: " + outcome.payload()));
            }
            return outcome;
        } catch (Throttled e) {
            throw new IllegalStateException("a function of the sandbox has all the concurrency of an account", e);
        }
    }

    /** Invocations that failed since. */
    List<Failure> failures(Instant since) {
        return failures.stream()
                .filter(failure -> !failure.time().isBefore(since))
                .toList();
    }

    Outcome sweep() {
        return invoke(ExampleFleet.SWEEP_FUNCTION, "{}");
    }

    /** Ends every process of a function that is known by a call of its. */
    void killAll() {
        trap.accessKeys().forEach(gantry.sandbox.cloud().lambda()::kill);
    }

    /** The processes of the fleet's group that are suspended. */
    List<String> suspended(Fleet fleet) {
        return gantry
                .autoScaling
                .describeAutoScalingGroups(request -> request.autoScalingGroupNames(fleet.name()))
                .autoScalingGroups()
                .stream()
                .map(AutoScalingGroup::suspendedProcesses)
                .flatMap(List::stream)
                .map(SuspendedProcess::processName)
                .toList();
    }

    /** The number of messages in the queue, visible or not. */
    int messages(String queue) {
        String url = gantry.queueUrl(queue);
        return gantry
                .sqs
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes()
                .entrySet()
                .stream()
                .filter(attribute -> attribute.getKey().toString().startsWith("ApproximateNumberOfMessages"))
                .mapToInt(attribute -> Integer.parseInt(attribute.getValue()))
                .sum();
    }

    /** Waits until the queue has this many messages; false if it never has. */
    boolean awaitMessages(String queue, int count) throws InterruptedException {
        return Pause.until(() -> messages(queue) == count);
    }

    /** Removes everything of the case, so that the next one does not see it. */
    void clear(Fleet fleet) throws InterruptedException {
        trap.disarm();
        fleet.desire(0);
        awaitMessages(ExampleFleet.QUEUE, 0);
        forget(fleet.name());
    }

    private void forget(String fleet) {
        gantry.s3.deleteObject(
                request -> request.bucket(ExampleFleet.BUCKET).key("fleets/" + fleet + "/settings.json"));
    }

    @Override
    public void close() {
        gantry.close();
    }
}
