package dev.gantry.function.scale;

import dev.gantry.aws.scale.Burst;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;

/**
 * The baseline, written for this comparison and in favour of the pattern. Each launch event invokes a function that looks
 * every 10 s whether the agent is there, sends the command to its one instance, looks every 10 s whether it has ended, and
 * completes the hook. Public samples wait like this (aws-samples/aws-lambda-lifecycle-hooks-function, lambda_backup.py:
 * {@code check_command} sleeps and asks again within the function). It is better than those: a throttled call never fails the
 * function, but is tried again; and a function that reached Lambda's 15 minutes is started again by Lambda, twice, and then
 * knows what it had sent.
 */
final class OneFunctionEach implements Machines.Events {
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(15);
    /** Lambda's default for an account and Region (developer guide, "Lambda quotas"). */
    private static final int CONCURRENCY = 1_000;
    /** Asynchronous invocations are tried twice more, after a minute and after two (developer guide, "Error handling"). */
    private static final int TRIES = 3;

    private final VirtualTime time;
    private final Api api;
    private final Machines machines;
    private final Random random;
    private final Deque<Launch> waiting = new ArrayDeque<>();
    private int running;
    private int mostRunning;
    private int deepest;
    private int lost;

    OneFunctionEach(VirtualTime time, Api api, Burst burst) {
        this.time = time;
        this.api = api;
        this.random = new Random(burst.seed());
        this.machines = new Machines(time, burst, this);
    }

    /** One instance's function, from try to try. */
    private static final class Launch {
        private final String instance;
        private String command = "";
        private int tries;

        Launch(String instance) {
            this.instance = instance;
        }
    }

    @Override
    public void launching(String instance) {
        begin(new Launch(instance));
    }

    private void begin(Launch launch) {
        if (running >= CONCURRENCY) {
            waiting.add(launch);
            deepest = Math.max(deepest, waiting.size());
            return;
        }
        running++;
        mostRunning = Math.max(mostRunning, running);
        launch.tries++;
        time.spawn(TIMEOUT, () -> serve(launch), completed -> ended(launch, completed));
    }

    private void ended(Launch launch, boolean completed) {
        running--;
        if (!completed && launch.tries < TRIES) {
            time.in(Duration.ofMinutes(launch.tries), () -> begin(launch));
        } else if (!completed) {
            lost++;
        }
        if (!waiting.isEmpty()) {
            begin(waiting.remove());
        }
    }

    private void serve(Launch launch) {
        VirtualSsm ssm = new VirtualSsm(api.new Client(), machines, time);
        VirtualAutoScaling autoScaling = new VirtualAutoScaling(api.new Client(), machines);
        while (launch.command.isEmpty() && !patiently(() -> isOnline(ssm, launch.instance))) {
            time.sleep(LOOK);
        }
        if (launch.command.isEmpty()) {
            launch.command = patiently(
                    () -> ssm.sendCommand(r -> r.instanceIds(launch.instance).documentName("AWS-ApplyAnsiblePlaybooks"))
                            .command()
                            .commandId());
        }
        do {
            time.sleep(LOOK);
        } while (!patiently(() -> ssm.listCommandInvocations(
                        r -> r.commandId(launch.command).instanceId(launch.instance))
                .commandInvocations()
                .get(0)
                .statusAsString()
                .equals("Success")));
        patiently(() -> autoScaling.completeLifecycleAction(r -> r.autoScalingGroupName(VirtualAutoScaling.GROUP)
                .lifecycleHookName("gantry")
                .instanceId(launch.instance)
                .lifecycleActionResult("CONTINUE")));
    }

    private static boolean isOnline(VirtualSsm ssm, String instance) {
        return !ssm.describeInstanceInformation(r -> r.filters(InstanceInformationStringFilter.builder()
                        .key("InstanceIds")
                        .values(instance)
                        .build()))
                .instanceInformationList()
                .isEmpty();
    }

    /** After the SDK's own three tries a throttled call is made again after the time of a look, with jitter. */
    private <T> T patiently(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (SdkException throttled) {
                time.sleep(Duration.ofMillis((long) (LOOK.toMillis() * (0.5 + random.nextDouble()))));
            }
        }
    }

    Machines machines() {
        return machines;
    }

    int mostRunning() {
        return mostRunning;
    }

    int deepest() {
        return deepest;
    }

    int lost() {
        return lost;
    }

    boolean isOver() {
        return machines.inService() + lost >= machines.planned().size();
    }

    @Override
    public void announced(String instance) {
        // The pattern knows no announcements.
    }

    @Override
    public void invocationEnded(String instance, String command) {
        // It looks for itself.
    }

    @Override
    public void commandEnded(String command) {
        // It looks for itself.
    }
}
