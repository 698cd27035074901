package dev.gantry.system.scale;

import dev.gantry.aws.scale.Bound;
import dev.gantry.aws.scale.Burst;
import dev.gantry.aws.scale.Outcome;
import dev.gantry.aws.scale.Quotas;
import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.ExampleFleet.Tempo;
import dev.gantry.sandbox.Region;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.system.e2e.Fleet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** One burst over the wire, in a sandbox of its own, until all are in service or patience ends. */
final class WireBurst {
    /** As many functions at a time as the sandbox's mapping allows. */
    static final int CONCURRENCY = 2;

    private static final String POLLING_KEY = "ASIAPOLLING000000000";
    private static final int SAMPLE_MILLIS = 250;

    private final Burst burst;
    private final Quotas quotas;
    private final Duration patience;
    private final BurstMachines machines;
    private final DeclaredQuotas api;
    private final Completions completions;
    private final Region region;
    private final long began = System.nanoTime();

    private WireBurst(Burst burst, Quotas quotas, Duration patience) {
        this.burst = burst;
        this.quotas = quotas;
        this.patience = patience;
        this.machines = new BurstMachines(burst);
        this.api = new DeclaredQuotas(quotas);
        this.completions = new Completions(burst.instances());
        this.region =
                new Region(cloud -> new SimulatedFactory(cloud.timers(), BurstMachines.TIMES, machines), machines);
    }

    /** What its functions did meanwhile. */
    private record Functions(int deepest, int concurrency, int invocations, int timeouts, Map<String, Integer> lines) {}

    /** Its result, and what each instance executed. */
    record Result(Outcome outcome, Map<String, Integer> executions) {}

    static Result gantry(Burst burst, Quotas quotas, Duration patience, Path zip, Tempo tempo)
            throws IOException, InterruptedException {
        return new WireBurst(burst, quotas, patience).byGantry(zip, tempo);
    }

    static Result baseline(Burst burst, Quotas quotas, Duration patience) throws IOException, InterruptedException {
        return new WireBurst(burst, quotas, patience).byOneFunctionEach();
    }

    private Result byGantry(Path zip, Tempo tempo) throws IOException, InterruptedException {
        Heard heard = new Heard();
        try (Sandbox sandbox = sandbox()
                        .logs(heard)
                        .with(new ExampleFleet(zip, region, Optional.empty(), tempo, Optional.empty()))
                        .start();
                SqsClient sqs = Clients.of(sandbox).sqs();
                AutoScalingClient autoScaling = Clients.of(sandbox).build(AutoScalingClient.builder())) {
            publish(sandbox);
            Depth depth = new Depth(sqs, ExampleFleet.QUEUE);
            Instant start = launch(autoScaling, depth::look);
            Functions functions =
                    new Functions(depth.deepest(), CONCURRENCY, heard.invocations(), heard.timeouts(), heard.lines());
            return result("gantry", start, inService(autoScaling), functions);
        }
    }

    private Result byOneFunctionEach() throws IOException, InterruptedException {
        AtomicReference<OneFunctionEach> functions = new AtomicReference<>();
        try (Sandbox sandbox = sandbox()
                        .with(new PollingFleet(region, event -> functions.get().launching(event)))
                        .start();
                AutoScalingClient autoScaling = Clients.of(sandbox).build(AutoScalingClient.builder());
                OneFunctionEach polling = new OneFunctionEach(sandbox, POLLING_KEY, burst.seed())) {
            sandbox.cloud().keys().register(POLLING_KEY, Identity.assumedRole(Sandbox.ACCOUNT, "polling", "polling"));
            functions.set(polling);
            Instant start = launch(autoScaling, () -> {});
            Functions one = new Functions(0, polling.mostRunning(), burst.instances(), 0, Map.of());
            return result("one function each", start, inService(autoScaling), one);
        }
    }

    private Sandbox.Builder sandbox() {
        return Sandbox.builder().faults(api).journal(completions).with(region);
    }

    /** The bundle and a release that names it, as a publication leaves them. */
    private static void publish(Sandbox sandbox) {
        String content = "the bundle";
        String bundle = Fleet.sha256(content);
        String fleet = ExampleFleet.GROUP;
        put(sandbox, "bundles/" + fleet + "/" + bundle + ".zip", content);
        put(sandbox, "fleets/" + fleet + "/release.json", "{\"current\": \"" + bundle + "\"}");
    }

    private static void put(Sandbox sandbox, String key, String content) {
        sandbox.cloud().s3().put(ExampleFleet.BUCKET, key, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Launches a part each second, then waits, and looks at what is to be sampled; the answer is when it began. */
    private Instant launch(AutoScalingClient autoScaling, Runnable sample) throws InterruptedException {
        Instant start = Instant.now();
        Instant end = start.plus(patience);
        int asked = 0;
        boolean done = false;
        while (!done && Instant.now().isBefore(end)) {
            long steps = Math.min(
                    burst.launchSeconds(),
                    Duration.between(start, Instant.now()).toSeconds() + 1);
            int wanted = (int) (burst.instances() * steps / burst.launchSeconds());
            if (wanted > asked) {
                desire(autoScaling, wanted);
                asked = wanted;
            }
            sample.run();
            done = completions.await(SAMPLE_MILLIS);
        }
        return start;
    }

    private static void desire(AutoScalingClient autoScaling, int instances) {
        autoScaling.setDesiredCapacity(
                request -> request.autoScalingGroupName(ExampleFleet.GROUP).desiredCapacity(instances));
    }

    /** Beyond the hook it takes an instance a moment to be in service. */
    private static int inService(AutoScalingClient autoScaling) {
        return (int) autoScaling.describeAutoScalingInstancesPaginator().autoScalingInstances().stream()
                .filter(instance -> instance.lifecycleState().matches("Pending:Proceed|InService"))
                .count();
    }

    private Result result(String who, Instant start, int inService, Functions functions) {
        Outcome outcome = new Outcome(
                who,
                burst.instances(),
                inService,
                seconds(Duration.between(start, completions.last().orElse(start))),
                seconds(Bound.of(start, machines.ready(), quotas)),
                api.tally().accepted(),
                api.tally().throttled(),
                functions.deepest(),
                functions.concurrency(),
                functions.invocations(),
                functions.timeouts(),
                Memory.peaks(),
                functions.lines(),
                seconds(Duration.ofNanos(System.nanoTime() - began)));
        return new Result(outcome, machines.executions());
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
