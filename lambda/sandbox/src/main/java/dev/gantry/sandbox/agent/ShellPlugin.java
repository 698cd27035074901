package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ec2.ShellScript;
import dev.gantry.sandbox.ssm.ExecutionTimeout;
import dev.gantry.sandbox.ssm.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code aws:runShellScript}: the lines become a file, which {@code sh -c} executes, so that a {@code #!} line counts.
 * A relative or missing working directory means the downloads of this command, or the agent's own directory where
 * nothing was downloaded.
 */
final class ShellPlugin implements Plugin {
    /** Where the agent's systemd unit starts it. */
    private static final String AGENT_DIRECTORY = "/usr/bin";

    private final Machine machine;

    ShellPlugin(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Machine.Running run(Step step, Consumer<StepResult> done) {
        Place place = step.place();
        String seconds = step.inputs().path("timeoutSeconds").asText("");
        ShellScript script = new ShellScript(
                step.name(),
                place.orchestration() + "/" + step.name().replace(':', '_') + "/_script.sh",
                String.join("\n", lines(step.inputs().path("runCommand"))) + "\n",
                place.resolve(step.inputs().path("workingDirectory").asText("")),
                AGENT_DIRECTORY,
                place.environment(),
                Duration.ofSeconds(ExecutionTimeout.clamp(seconds)));
        return machine.run(script, result -> done.accept(StepResult.of(result)));
    }

    /** A list of lines, a single text, or a list parameter inside of a list. */
    private static List<String> lines(JsonNode runCommand) {
        if (runCommand.isTextual()) {
            return List.of(runCommand.asText());
        }
        List<String> lines = new ArrayList<>();
        for (JsonNode element : Json.elements(runCommand)) {
            if (element.isArray()) {
                lines.addAll(Json.texts(element));
            } else {
                lines.add(element.asText());
            }
        }
        return lines;
    }
}
