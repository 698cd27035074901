package dev.gantry.function;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.stored.FleetAlias;
import java.util.Optional;

/**
 * The fleets for which an invocation of the operator's function may act. Lambda does not say who invokes it, but IAM decides who
 * may invoke which alias, and the context has the invoked alias (Lambda developer guide, "Fine-tuning the Resources and Conditions
 * sections of policies"; "Using the Lambda context object", {@code getInvokedFunctionArn}). See docs/decisions/0017.
 *
 * @param alias the alias of one fleet; empty for an administrator, who may act for all
 */
record Authority(Optional<String> alias) {
    /** May act for every fleet: the function itself, or any alias that is not a fleet's. */
    static final Authority ADMINISTRATOR = new Authority(Optional.empty());

    /** The parts of {@code arn:aws:lambda:<region>:<account>:function:<name>:<qualifier>}. */
    private static final int UNQUALIFIED = 7;

    /** @throws IllegalArgumentException for what is not a function's ARN: then its rights are not known */
    static Authority of(String invokedArn) {
        String[] parts = invokedArn.split(":", -1);
        if (parts.length < UNQUALIFIED || parts.length > UNQUALIFIED + 1 || !parts[5].equals("function")) {
            throw new IllegalArgumentException("this function was invoked by what is no function's ARN: " + invokedArn);
        }
        return parts.length > UNQUALIFIED && parts[UNQUALIFIED].startsWith(FleetAlias.PREFIX)
                ? new Authority(Optional.of(parts[UNQUALIFIED]))
                : ADMINISTRATOR;
    }

    boolean covers(FleetName fleet) {
        return alias.isEmpty() || alias.get().equals(FleetAlias.of(fleet));
    }
}
