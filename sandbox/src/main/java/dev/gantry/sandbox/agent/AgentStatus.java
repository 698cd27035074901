package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ssm.InvocationStatus;
import java.util.Collection;
import java.util.List;

/** The agent's own words for how a step or a document ended; the service shows fewer. */
enum AgentStatus {
    NOT_STARTED("NotStarted", InvocationStatus.PENDING),
    SKIPPED("Skipped", InvocationStatus.SUCCESS),
    SUCCESS("Success", InvocationStatus.SUCCESS),
    SUCCESS_AND_REBOOT("SuccessAndReboot", InvocationStatus.IN_PROGRESS),
    FAILED("Failed", InvocationStatus.FAILED),
    CANCELLED("Cancelled", InvocationStatus.CANCELLED),
    TIMED_OUT("TimedOut", InvocationStatus.EXECUTION_TIMED_OUT);

    /** What decides about a document, the strongest first (aws/amazon-ssm-agent, contracts.DocumentResultAggregator). */
    private static final List<AgentStatus> PRECEDENCE = List.of(SUCCESS_AND_REBOOT, FAILED, TIMED_OUT, CANCELLED);

    private final String word;
    private final InvocationStatus shown;

    AgentStatus(String word, InvocationStatus shown) {
        this.word = word;
        this.shown = shown;
    }

    String word() {
        return word;
    }

    InvocationStatus shown() {
        return shown;
    }

    /** The status of a document whose steps ended so. */
    static AgentStatus ofDocument(Collection<AgentStatus> steps) {
        return PRECEDENCE.stream().filter(steps::contains).findFirst().orElse(SUCCESS);
    }

    /**
     * The status of a step that is made of others (contracts.MergeResultStatus): the later of the two in the agent's own order,
     * which is the order here.
     */
    AgentStatus and(AgentStatus other) {
        return compareTo(other) < 0 ? other : this;
    }
}
