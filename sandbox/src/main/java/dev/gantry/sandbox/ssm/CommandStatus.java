package dev.gantry.sandbox.ssm;

import java.util.function.Predicate;

/**
 * A command's state, derived from its invocations by the rules of the API reference (Command, StatusDetails):
 * "MaxErrors or more" of a kind decides between Failed, ExecutionTimedOut and DeliveryTimedOut; fewer make it
 * Incomplete.
 */
enum CommandStatus {
    PENDING("Pending", "Pending"),
    IN_PROGRESS("InProgress", "InProgress"),
    CANCELLING("Cancelling", "Cancelling"),
    SUCCESS("Success", "Success"),
    NO_INSTANCES_IN_TAG("Success", "NoInstancesInTag"),
    FAILED("Failed", "Failed"),
    INCOMPLETE("Failed", "Incomplete"),
    CANCELLED("Cancelled", "Cancelled"),
    EXECUTION_TIMED_OUT("TimedOut", "ExecutionTimedOut"),
    DELIVERY_TIMED_OUT("TimedOut", "DeliveryTimedOut");

    private final String status;
    private final String details;

    CommandStatus(String status, String details) {
        this.status = status;
        this.details = details;
    }

    String status() {
        return status;
    }

    String details() {
        return details;
    }

    static CommandStatus of(Command command) {
        if (command.invocations.isEmpty()) {
            return NO_INSTANCES_IN_TAG;
        }
        if (command.count(invocation -> invocation.status.terminal()) < command.invocations.size()) {
            return underWay(command);
        }
        return ended(command);
    }

    private static CommandStatus underWay(Command command) {
        if (command.cancelRequested) {
            return CANCELLING;
        }
        return command.count(invocation -> invocation.status != InvocationStatus.PENDING) == 0 ? PENDING : IN_PROGRESS;
    }

    private static CommandStatus ended(Command command) {
        if (all(command, InvocationStatus.SUCCESS)) {
            return SUCCESS;
        }
        if (command.cancelRequested) {
            return CANCELLED;
        }
        int threshold = Math.max(1, command.request.maxErrors().of(command.invocations.size()));
        if (command.count(is(InvocationStatus.FAILED)) >= threshold) {
            return FAILED;
        }
        if (command.count(is(InvocationStatus.EXECUTION_TIMED_OUT)) >= threshold) {
            return EXECUTION_TIMED_OUT;
        }
        if (command.count(is(InvocationStatus.DELIVERY_TIMED_OUT)) >= threshold) {
            return DELIVERY_TIMED_OUT;
        }
        return all(command, InvocationStatus.CANCELLED) ? CANCELLED : INCOMPLETE;
    }

    private static boolean all(Command command, InvocationStatus status) {
        return command.count(is(status)) == command.invocations.size();
    }

    private static Predicate<Invocation> is(InvocationStatus status) {
        return invocation -> invocation.status == status;
    }
}
