package dev.gantry.sandbox.wire;

/**
 * A JSON service that once spoke the Query protocol and still tells clients the old error codes, in
 * {@code x-amzn-query-error} (SQS). Source: smithy.io, {@code aws.protocols#awsQueryCompatible}.
 */
public interface QueryCompatible {

    /** The Query code of a JSON error's shape, for example {@code AWS.SimpleQueueService.NonExistentQueue}. */
    String queryCode(String shape);
}
