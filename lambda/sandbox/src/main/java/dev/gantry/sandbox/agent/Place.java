package dev.gantry.sandbox.agent;

import java.util.Map;

/**
 * Where a command works on a machine: the folders of the agent's own layout, and what its scripts find in their
 * environment.
 *
 * @param commandId names the command's folder
 * @param depth how many documents run one inside the other; the agent stops at three
 */
record Place(String instanceId, String commandId, Map<String, String> environment, int depth) {

    /** The folder of the whole command. */
    String orchestration() {
        return "/var/lib/amazon/ssm/" + instanceId + "/document/orchestration/" + commandId;
    }

    /** Where downloads go, and where later steps find them. */
    String downloads() {
        return orchestration() + "/downloads";
    }

    /** A path of a document: absolute, or relative to the downloads. */
    String resolve(String path) {
        return path.startsWith("/") ? path : downloads() + "/" + path;
    }
}
