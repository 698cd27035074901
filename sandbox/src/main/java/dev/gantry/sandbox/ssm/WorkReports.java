package dev.gantry.sandbox.ssm;

import java.util.List;

/** What an agent tells the service about a command that it was given. Never called with a lock of the agent's held. */
public interface WorkReports {

    /** A step has ended: all steps so far. */
    void progress(List<StepReport> steps);

    /** The document has ended. */
    void finished(InvocationStatus status, List<StepReport> steps);
}
