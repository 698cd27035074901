package dev.gantry.sandbox.autoscaling;

/**
 * Sends the notification of a lifecycle hook to the SQS queue that its {@code NotificationTargetARN} names. A queue
 * that does not exist is reported by any {@link RuntimeException}: {@code PutLifecycleHook} answers it as AWS does, and
 * a later notification that cannot be delivered is logged and lost, as AWS promises best effort only.
 */
@FunctionalInterface
public interface QueueSender {

    /** Sends one message; {@code body} is the JSON text that Auto Scaling writes. */
    void send(String queueArn, String body);
}
