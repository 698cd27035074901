package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Machine;
import java.util.function.Consumer;

/** What executes one kind of step. Returns at once; the result comes exactly once, from any thread. */
interface Plugin {

    Machine.Running run(Step step, Consumer<StepResult> done);

    /**
     * One step, with its parameters filled in.
     *
     * @param inputs the step's {@code inputs}
     * @param settings the step's {@code settings}, which hardly a document has
     * @param place where it works on the machine, and the environment of its scripts
     */
    record Step(String name, JsonNode inputs, JsonNode settings, Place place) {}
}
