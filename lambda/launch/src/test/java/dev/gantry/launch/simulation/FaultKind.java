package dev.gantry.launch.simulation;

/**
 * All kinds of faults, with the probability per occasion in a faulty cloud. Occasions differ: a call, an event, a run, an
 * instance, or a whole simulation.
 */
enum FaultKind {
    /** An event is never delivered. Occasion: an event. */
    EVENT_LOST(0.15),
    EVENT_DOUBLED(0.1),
    /** An event comes minutes or hours later, and so after others. */
    EVENT_LATE(0.1),
    /** A call fails, and nothing happened. Occasion: a call. */
    CALL_FAILS(0.01),
    /** A call took effect, and its answer is lost. */
    ANSWER_LOST(0.01),
    /** A call takes seconds, in which others act. */
    CALL_SLOW(0.02),
    /** The process is paused for up to a minute before a call, and then continues. */
    PROCESS_STOPPED(0.003),
    /** The process ends before or after a call. */
    WORKER_KILLED(0.01),
    /** Another worker sweeps in the middle of a call. */
    SECOND_WORKER(0.015),
    /** Auto Scaling describes an instance as it was some seconds ago. Occasion: a call. */
    DESCRIBE_LAGS(0.08),
    /** Systems Manager shows agents and invocations as they were seconds ago, or lists a command up to 100 s late. */
    LIST_LAGS(0.1),
    /** One object of a batch cannot be read or written. Occasion: an object. */
    OBJECT_FAILS(0.01),
    /** One object of a batch is written, and the answer is lost. */
    OBJECT_ANSWER_LOST(0.01),
    /** It is unclear whether a command was sent; it was not. Occasion: a send. */
    SEND_LOST(0.05),
    /** It is unclear whether a command was sent; it was. */
    SEND_UNCLEAR(0.05),
    SEND_THROTTLED(0.05),
    /** InvalidInstanceId although the agent is described as online. Occasion: an instance of a send. */
    SEND_NOT_REGISTERED(0.03),
    /** 409: another worker wrote at the same moment, three times in a row; nothing was written. Occasion: a write of an object. */
    WRITE_CONFLICT(0.01),
    /** The SDK repeats a write whose answer was lost and gets 412: it meets its own write, or by then another's. */
    WRITE_REPEATED(0.02),
    /** Somebody deletes a closed record; a write that read it before answers 404. */
    RECORD_DELETED(0.03),
    /** Two claims have one owner, as two environments restored from one snapshot would draw it. Occasion: a claim. */
    OWNER_SHARED(0.1),
    /** Occasion: a scheduled sweep. */
    SWEEP_LATE(0.05),
    SWEEP_LOST(0.05),
    SWEEP_DOUBLED(0.03),
    /** The function is not invoked for minutes. Occasion: a simulation. */
    FUNCTION_DOWN(0.2),
    /** Occasion: a boot. */
    AGENT_LATE(0.1),
    AGENT_ABSENT(0.04),
    AGENT_LOSES_CONNECTION(0.05),
    /** After a stop and start, Systems Manager goes on showing the agent from before the stop. */
    AGENT_STALE_ONLINE(0.5),
    /** Occasion: a run. */
    RUN_FAILS(0.08),
    RUN_HANGS(0.03),
    /** A finished run is reported as DeliveryTimedOut. */
    RUN_MISREPORTED(0.04),
    RUN_REFUSED(0.02),
    /** An operator sends what Gantry would send. Occasion: a wait. */
    COMMAND_BY_HAND(0.04),
    /** An operator sends another bundle. */
    OTHER_COMMAND_BY_HAND(0.04),
    COMPLETED_BY_HAND(0.06),
    /** An operator holds the instance, and may end the hold. */
    INSTANCE_HELD(0.05),
    /** An operator asks for one more run. */
    RUN_RETRIED(0.05),
    /** Occasion: a boot. */
    SCALED_IN(0.04),
    /** The machine is gone two minutes after the notice; Auto Scaling says so later. */
    SPOT_INTERRUPTED(0.03),
    /** From service to standby and back, with or without a hook on the way. Occasion: an instance that enters service. */
    STANDBY(0.06),
    /** The group replaces its instances one after the other. Occasion: a simulation. */
    INSTANCE_REFRESH(0.1),
    /** Occasion: a simulation. */
    BUNDLE_PUBLISHED(0.3),
    BUNDLE_BAD(0.2),
    BUNDLE_UNRELIABLE(0.15),
    SETTINGS_CHANGED(0.2),
    /** An operator proposes a bundle that is quarantined. */
    QUARANTINED_PROPOSED(0.1),
    /** An operator lifts what the breaker did. */
    LIFTED(0.15),
    /** Somebody suspends the group's Launch process by hand, or resumes it. */
    SUSPENDED_BY_HAND(0.1),
    RESUMED_BY_HAND(0.1),
    MISTAKE(0.25),
    MISTAKE_NEVER_REPAIRED(0.3),
    /** In a fleet that has a fallback the agent never comes. Occasion: a boot. */
    AGENT_BROKEN(0.3),
    /** Systems Manager does not answer for minutes. Occasion: a simulation of a fleet that has a fallback. */
    SSM_AWAY(0.25),
    /** While Systems Manager is away, it delivers nothing either. */
    SSM_AGENTS_CUT_OFF(0.5),
    /** The queue does not take a question. Occasion: a question over the bastion. */
    BASTION_ASK_FAILS(0.02),
    BASTION_MESSAGE_LOST(0.05),
    BASTION_MESSAGE_DOUBLED(0.1),
    /** The message comes up to a quarter of an hour later, and so after others. */
    BASTION_MESSAGE_LATE(0.1),
    /** The bastion or the instance is not reached. */
    BASTION_AWAY(0.1),
    /** The host key has changed, or the function's key is refused. */
    BASTION_REFUSED(0.03),
    /** The question took effect, and the connection broke before the answer. */
    BASTION_CUT(0.06),
    BASTION_ANSWER_LOST(0.05),
    /** The answer is written minutes later, over a newer one. */
    BASTION_ANSWER_LATE(0.1),
    /** Something other than Gantry holds the lock for minutes. */
    BASTION_LOCK_HELD(0.05),
    /** The instance restarts in the middle of a run. Occasion: a run in a fleet that has a fallback. */
    INSTANCE_REBOOTED(0.04),
    /** The hook is described before its action can be completed. Occasion: a wait. */
    HOOK_SLOW(0.1);

    private final double probability;

    FaultKind(double probability) {
        this.probability = probability;
    }

    double probability() {
        return probability;
    }
}
