package dev.gantry.sandbox.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One AWS service that speaks AWS JSON 1.0 or 1.1: an operation's name and input in, its output out. */
public interface JsonService {

    /**
     * Calls one operation.
     *
     * @param operation the part of {@code X-Amz-Target} after the dot, for example {@code SendCommand}
     * @throws AwsError as the service would answer it
     */
    ObjectNode call(String operation, ObjectNode input);
}
