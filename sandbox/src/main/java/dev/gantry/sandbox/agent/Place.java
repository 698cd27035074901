package dev.gantry.sandbox.agent;

import java.util.Map;

/**
 * Where a command works on a machine: the folders of the agent's own layout, and what its scripts find in their environment.
 *
 * @param commandId names the command's folder
 * @param environment what the agent sets, which inputs of steps do not change
 * @param depth how many documents run one inside the other; the agent stops at three
 */
record Place(String instanceId, String commandId, Map<String, String> environment, int depth) {

    /** The folder of the whole command. */
    String orchestration() {
        return "/var/lib/amazon/ssm/" + instanceId + "/document/orchestration/" + commandId;
    }

    /** A step's own folder. The agent leaves colons out (fileutil.BuildPath). */
    String step(String name) {
        return orchestration() + "/" + name.replace(":", "");
    }

    /**
     * Where downloads of a step go, and where later steps find them. The agent takes the step's name off the end of the step's
     * folder; a name that has lost a colon there is not taken off.
     */
    String downloads(String step) {
        return (step.contains(":") ? step(step) : orchestration()) + "/downloads";
    }

    /** A path of a document: absolute, or relative to the downloads. */
    String resolve(String step, String path) {
        return path.startsWith("/") ? path : downloads(step) + "/" + path;
    }
}
