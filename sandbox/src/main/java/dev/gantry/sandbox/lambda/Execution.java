package dev.gantry.sandbox.lambda;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One invocation on its way through an environment.
 *
 * @param qualifier the version or alias that was invoked, where one was; the function learns it from its context's ARN
 */
record Execution(String requestId, String payload, Optional<String> qualifier, CompletableFuture<Outcome> outcome) {

    static Execution of(String payload, Optional<String> qualifier) {
        return new Execution(UUID.randomUUID().toString(), payload, qualifier, new CompletableFuture<>());
    }
}
