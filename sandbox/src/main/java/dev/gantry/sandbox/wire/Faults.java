package dev.gantry.sandbox.wire;

import java.time.Duration;

/** Decides for each API call whether a fault is injected: the hook of the fault tests. */
public interface Faults {

    /** No faults. */
    Faults NONE = (service, operation, accessKey) -> new Fault.None();

    /** Called once per API call, before it takes effect. */
    Fault on(String service, String operation, String accessKey);

    /**
     * The same with the request's path, which names bucket and key of an S3 object; by default the path is ignored.
     *
     * @param path percent-encoded, as it came
     */
    default Fault on(String service, String operation, String accessKey, String path) {
        return on(service, operation, accessKey);
    }

    /** What goes wrong with one call. */
    sealed interface Fault {

        /** Nothing. */
        record None() implements Fault {}

        /** The client gets this error; the call still took effect if {@code afterEffect} says so. */
        record ErrorResponse(AwsError error, boolean afterEffect) implements Fault {

            /** The answer of a service whose rate limit was hit: nothing took effect. */
            public static ErrorResponse throttled(String code) {
                return new ErrorResponse(AwsError.badRequest(code, "Rate exceeded"), false);
            }
        }

        /** The call takes effect after the delay. */
        record Delay(Duration duration) implements Fault {}

        /** The connection ends without an answer; the call still took effect if {@code afterEffect} says so. */
        record Cut(boolean afterEffect) implements Fault {}

        /** The call takes effect, and the connection ends in the middle of the answer's body, or before an empty one. */
        record HalfBody() implements Fault {}

        /**
         * The caller is lost, before the call takes effect or after: the connection ends without an answer.
         *
         * @param end ends the caller
         */
        record CallerLost(boolean afterEffect, Runnable end) implements Fault {}
    }
}
