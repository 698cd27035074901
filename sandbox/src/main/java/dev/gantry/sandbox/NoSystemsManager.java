package dev.gantry.sandbox;

import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults;

/** A Region whose Systems Manager is broken: each of its calls fails, for every caller. Everything else works. */
final class NoSystemsManager implements Faults {

    /** The error is modelled: Systems Manager API reference, "Common Errors" and each operation's own. */
    @Override
    public Fault on(String service, String operation, String accessKey) {
        return service.equals("ssm")
                ? new Fault.ErrorResponse(
                        new AwsError(500, "InternalServerError", "An error occurred on the server side."), false)
                : new Fault.None();
    }
}
