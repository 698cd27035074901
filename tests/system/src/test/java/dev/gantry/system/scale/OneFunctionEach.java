package dev.gantry.system.scale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;

/**
 * The baseline over the wire, the same as in virtual time ({@code dev.gantry.function.scale.OneFunctionEach} names the sample that
 * it follows, and says where it is better): a function for each launch event, which looks every 10 s until its instance is done.
 * A thousand processes do not fit on a small machine, so each function is a thread with SDK clients of its own, as each
 * environment has its own; only the connections are shared.
 */
final class OneFunctionEach implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 400;
    private static final Set<String> UNDER_WAY = Set.of("Pending", "InProgress", "Delayed", "Cancelling");

    private final SdkHttpClient connections =
            Apache5HttpClient.builder().maxConnections(CONNECTIONS).build();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService threads;
    private final Clients clients;
    private final Random random;
    private int running;
    private int mostRunning;

    /**
     * Functions that call with this key.
     *
     * @param seed of the jitter
     */
    OneFunctionEach(Sandbox sandbox, String accessKey, long seed) {
        this.clients = new Clients(sandbox.endpoint(), accessKey);
        this.random = new Random(seed);
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(null, task, "polling-function", 256 * 1024);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Invokes a function for a launch event. */
    void launching(String event) {
        String instance;
        try {
            instance = JSON.readTree(event).path("detail").path("EC2InstanceId").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the sandbox sends JSON", e);
        }
        threads.execute(() -> {
            count(1);
            try (SsmClient ssm = ssm();
                    AutoScalingClient autoScaling = autoScaling()) {
                serve(instance, ssm, autoScaling);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } finally {
                count(-1);
            }
        });
    }

    private synchronized void count(int change) {
        running += change;
        mostRunning = Math.max(mostRunning, running);
    }

    synchronized int mostRunning() {
        return mostRunning;
    }

    private SsmClient ssm() {
        return clients.connected(SsmClient.builder()
                .httpClient(connections)
                .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD)));
    }

    private AutoScalingClient autoScaling() {
        return clients.connected(AutoScalingClient.builder()
                .httpClient(connections)
                .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD)));
    }

    private void serve(String instance, SsmClient ssm, AutoScalingClient autoScaling) throws InterruptedException {
        while (!patiently(() -> isOnline(ssm, instance))) {
            pause(LOOK);
        }
        String command = patiently(() -> send(ssm, instance));
        String status;
        do {
            pause(LOOK);
            status = patiently(() -> status(ssm, command, instance));
        } while (UNDER_WAY.contains(status));
        String result = status.equals("Success") ? "CONTINUE" : "ABANDON";
        patiently(() -> autoScaling.completeLifecycleAction(request -> request.autoScalingGroupName(PollingFleet.GROUP)
                .lifecycleHookName(PollingFleet.HOOK)
                .instanceId(instance)
                .lifecycleActionResult(result)));
    }

    /** Just after the sending a list may not have it yet. */
    private static String status(SsmClient ssm, String command, String instance) {
        return ssm
                .listCommandInvocations(request -> request.commandId(command).instanceId(instance))
                .commandInvocations()
                .stream()
                .map(CommandInvocation::statusAsString)
                .findFirst()
                .orElse("Pending");
    }

    private static boolean isOnline(SsmClient ssm, String instance) {
        return !ssm.describeInstanceInformation(request -> request.filters(InstanceInformationStringFilter.builder()
                        .key("InstanceIds")
                        .values(instance)
                        .build()))
                .instanceInformationList()
                .isEmpty();
    }

    private static String send(SsmClient ssm, String instance) {
        String path = "https://s3.eu-central-1.amazonaws.com/" + PollingFleet.BUCKET + "/" + PollingFleet.BUNDLE;
        return ssm.sendCommand(request -> request.instanceIds(instance)
                        .documentName("AWS-ApplyAnsiblePlaybooks")
                        .documentVersion("1")
                        .parameters(Map.of(
                                "SourceType", List.of("S3"),
                                "SourceInfo", List.of("{\"path\": \"" + path + "\"}"),
                                "InstallDependencies", List.of("False"),
                                "PlaybookFile", List.of("playbook.yml"))))
                .command()
                .commandId();
    }

    /** After the SDK's own three tries a throttled call is made again after the time of a look, with jitter. */
    private <T> T patiently(Supplier<T> call) throws InterruptedException {
        while (true) {
            try {
                return call.get();
            } catch (SdkException throttled) {
                pause(jittered());
            }
        }
    }

    private synchronized Duration jittered() {
        return Duration.ofMillis((long) (LOOK.toMillis() * (0.5 + random.nextDouble())));
    }

    private void pause(Duration time) throws InterruptedException {
        if (closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the burst is over");
        }
    }

    @Override
    public void close() {
        closing.countDown();
        threads.shutdownNow();
        connections.close();
    }
}
