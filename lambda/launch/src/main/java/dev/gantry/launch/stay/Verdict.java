package dev.gantry.launch.stay;

/** How a run ended on one instance. Only {@link RunFailed} speaks against the bundle. */
public sealed interface Verdict {

    /** The playbook and its checks succeeded. */
    record Succeeded() implements Verdict {}

    /** The playbook or its checks failed: retried, then abandoned. */
    record RunFailed(Failure failure) implements Verdict {}

    /** The run never got to an end of its own (not delivered, cancelled): nobody's fault, tried again. */
    record Undelivered(String detail) implements Verdict {}

    /** Systems Manager refused to run it here (access denied, wrong platform): somebody has to repair that. */
    record Refused(String detail) implements Verdict {}
}
