package dev.gantry.sandbox.lambda;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One invocation on its way through an environment. */
record Execution(String requestId, String payload, CompletableFuture<Outcome> outcome) {

    static Execution of(String payload) {
        return new Execution(UUID.randomUUID().toString(), payload, new CompletableFuture<>());
    }
}
