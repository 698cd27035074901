package dev.gantry.function.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Plays launches through: an event comes, the run is sent, it ends, the hook is completed. Afterwards classes are loaded and compiled.
 * Nothing that it drew, opened or learned is used again.
 */
public final class Rehearsal {
    static final String INSTANCE = "i-00000000000000000";

    /** The compiler of functions compiles what was called 200 times; loops in it are called more often than this. */
    private static final int TIMES = 40;

    private static final String ENDED =
            """
            {"source": "aws.ssm", "detail-type": "EC2 Command Invocation Status-change Notification",
             "time": "2026-01-01T00:00:00Z", "detail": {
              "command-id": "%s", "instance-id": "%s", "status": "Success"}}"""
                    .formatted(RehearsedAws.COMMAND, INSTANCE);

    private Rehearsal() {}

    /**
     * Rehearses.
     *
     * @param bucket that the function would use
     * @param wired makes a function over AWS at this address: it takes a batch of messages' bodies
     */
    public static void run(String bucket, Function<URI, Consumer<List<String>>> wired) {
        try (RehearsedAws aws = new RehearsedAws(bucket, operation -> {})) {
            Consumer<List<String>> function = wired.apply(aws.endpoint());
            for (int time = 0; time < TIMES; time++) {
                aws.forget();
                function.accept(List.of(launching()));
                function.accept(List.of(ENDED));
            }
        } catch (IOException e) {
            throw new IllegalStateException("nothing can listen on loopback: no rehearsal", e);
        }
    }

    /** The message that a launch begins with, now: an older one would be beyond its deadline. */
    public static String launching() {
        return """
                {"source": "aws.autoscaling", "detail-type": "EC2 Instance-launch Lifecycle Action",
                 "time": "%s", "detail": {
                  "LifecycleActionToken": "00000000-0000-0000-0000-000000000000", "AutoScalingGroupName": "%s",
                  "LifecycleHookName": "gantry", "EC2InstanceId": "%s",
                  "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING", "Destination": "AutoScalingGroup"}}"""
                .formatted(Instant.now(), RehearsedAws.GROUP, INSTANCE);
    }
}
