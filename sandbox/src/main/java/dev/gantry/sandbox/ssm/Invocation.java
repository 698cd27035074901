package dev.gantry.sandbox.ssm;

import java.util.List;

/** A command on one instance. Changed only under the lock of {@link Commands}. */
final class Invocation {
    final Command command;
    final String instanceId;
    InvocationStatus status = InvocationStatus.PENDING;
    List<StepReport> steps = List.of();
    /** Whether its delivery has been begun: it takes one of the places of MaxConcurrency. */
    boolean begun;
    /** Whether a delivery is on its way at this moment. */
    boolean delivering;

    Invocation(Command command, String instanceId) {
        this.command = command;
        this.instanceId = instanceId;
    }
}
