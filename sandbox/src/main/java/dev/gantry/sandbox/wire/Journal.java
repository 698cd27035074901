package dev.gantry.sandbox.wire;

import java.time.Instant;

/** Gets every API call that the front endpoint answered, in the order of the answers. Must not block. */
public interface Journal {

    /** A journal that drops everything. */
    Journal NONE = entry -> {};

    void record(Entry entry);

    /**
     * One API call.
     *
     * @param time when it was answered
     * @param service its signing name, for example {@code autoscaling}
     * @param operation for example {@code CompleteLifecycleAction}
     * @param accessKey whose call it was; empty where it was not signed
     * @param status the HTTP status that the client saw; 0 where the connection was cut instead
     * @param error the AWS error code; empty for success
     * @param request what it was about, for judging permissions
     */
    record Entry(
            Instant time,
            String service,
            String operation,
            String accessKey,
            int status,
            String error,
            RecordedRequest request) {}
}
