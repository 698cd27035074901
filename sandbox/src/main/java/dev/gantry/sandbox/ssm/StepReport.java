package dev.gantry.sandbox.ssm;

import java.time.Instant;

/**
 * How one step of a document ended.
 *
 * @param name the step's name in the document
 * @param status SUCCESS, FAILED, CANCELLED or EXECUTION_TIMED_OUT
 * @param code the exit code; 137 where time ran out
 * @param stdout at most 24,000 bytes: the agent cuts there
 * @param stderr at most 24,000 bytes; GetCommandInvocation shows 8,000 characters
 * @param output both together, at most 2,500 bytes, cut as the agent cuts them
 */
public record StepReport(
        String name,
        InvocationStatus status,
        int code,
        String stdout,
        String stderr,
        String output,
        Instant started,
        Instant finished) {}
