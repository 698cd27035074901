package dev.gantry.sandbox.ssm;

/**
 * The states of a command on one instance: {@code Status} is the coarse word, {@code StatusDetails} the fine one (user
 * guide, "Understanding command statuses"). The guide does not give the coarse words of Undeliverable and Terminated;
 * the model's list leaves Failed and Cancelled for them.
 */
public enum InvocationStatus {
    PENDING("Pending", "Pending", false),
    DELAYED("Delayed", "Delayed", false),
    IN_PROGRESS("InProgress", "InProgress", false),
    CANCELLING("Cancelling", "Cancelling", false),
    SUCCESS("Success", "Success", true),
    FAILED("Failed", "Failed", true),
    CANCELLED("Cancelled", "Cancelled", true),
    EXECUTION_TIMED_OUT("TimedOut", "ExecutionTimedOut", true),
    DELIVERY_TIMED_OUT("TimedOut", "DeliveryTimedOut", true),
    UNDELIVERABLE("Failed", "Undeliverable", true),
    TERMINATED("Cancelled", "Terminated", true);

    private final String status;
    private final String details;
    private final boolean terminal;

    InvocationStatus(String status, String details, boolean terminal) {
        this.status = status;
        this.details = details;
        this.terminal = terminal;
    }

    public String status() {
        return status;
    }

    public String details() {
        return details;
    }

    public boolean terminal() {
        return terminal;
    }

    /** Only these count against MaxErrors; delivery timeouts and undeliverable ones do not. */
    boolean error() {
        return this == FAILED || this == EXECUTION_TIMED_OUT;
    }

    /** Sent and not yet answered, or not even sent. */
    boolean undelivered() {
        return this == PENDING || this == DELAYED;
    }
}
