package dev.gantry.sandbox.lambda;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A function as it was deployed, Java 21 and without versions.
 *
 * @param name 1 to 64 letters, digits, hyphens and underscores
 * @param handler for example {@code dev.gantry.function.SweepHandler::handleRequest}
 * @param zip the deployment package: classes at its root, libraries in {@code lib/}
 * @param timeout 1 s to 15 min
 * @param memoryMegabytes 128 to 10,240; bounds the heap
 * @param environment what the function finds in its environment besides Lambda's own variables
 * @param reservedConcurrency the most executions at a time; empty for the account's
 */
public record FunctionSpec(
        String name,
        String handler,
        Path zip,
        Duration timeout,
        int memoryMegabytes,
        Map<String, String> environment,
        Optional<Integer> reservedConcurrency) {

    /** Checks what Lambda checks. Source: Lambda API reference, CreateFunction. */
    public FunctionSpec {
        environment = Map.copyOf(environment);
        require(name.matches("[A-Za-z0-9_-]{1,64}"), "name must be 1 to 64 letters, digits, - and _, but is " + name);
        require(
                timeout.toSeconds() >= 1 && timeout.toSeconds() <= 900,
                name + ": timeout must be 1 to 900 s, but is " + timeout);
        require(
                memoryMegabytes >= 128 && memoryMegabytes <= 10_240,
                name + ": memory must be 128 to 10240 MB, but is " + memoryMegabytes);
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("Function " + rule);
        }
    }
}
