package dev.gantry.sandbox.ssm;

/** The agent on a managed instance as Systems Manager sees it. Calls return at once and may come from any thread. */
public interface NodeAgent {

    /**
     * Hands over a command.
     *
     * @return false if the agent's queue is full (five running, five waiting): the service tries again later
     */
    boolean deliver(Work work, WorkReports reports);

    /** Asks for the end of a command; its work is reported as cancelled if that came in time. */
    void cancel(String commandId);
}
