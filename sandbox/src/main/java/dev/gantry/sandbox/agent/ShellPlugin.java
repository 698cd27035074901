package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ec2.ShellScript;
import dev.gantry.sandbox.ssm.ExecutionTimeout;
import dev.gantry.sandbox.ssm.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code aws:runShellScript}: the lines become a file, which {@code sh -c} executes, so that a {@code #!} line counts. An absolute
 * working directory has to exist. A relative or missing one means the downloads of this command, or the agent's own directory
 * where nothing was downloaded (plugins/runscript).
 */
final class ShellPlugin implements Plugin {
    /** Where the agent's systemd unit starts it. */
    private static final String AGENT_DIRECTORY = "/usr/bin";

    private static final GoStruct INPUT = new GoStruct(
            "runscript",
            "RunScriptPluginInput",
            Map.of(
                    "RunCommand", GoStruct.Type.STRINGS,
                    "Environment", GoStruct.Type.STRING_MAP,
                    "ID", GoStruct.Type.STRING,
                    "WorkingDirectory", GoStruct.Type.STRING,
                    "TimeoutSeconds", GoStruct.Type.ANYTHING));

    private final Machine machine;

    ShellPlugin(Machine machine) {
        this.machine = machine;
    }

    @Override
    public Machine.Running run(Step step, Consumer<StepResult> done) {
        GoStruct.Filled input = INPUT.fill(step.inputs());
        if (input.error().isPresent()) {
            done.accept(invalid(step, input.error().get()));
            return () -> {};
        }
        return machine.run(script(step, input), result -> done.accept(StepResult.of(result)));
    }

    /**
     * {@code aws:runPowerShellScript}, which the agent has on Linux too. No machine of the sandbox has PowerShell, so a step that
     * can be read ends like this.
     */
    static Machine.Running withoutPowerShell(Step step, Consumer<StepResult> done) {
        done.accept(INPUT.fill(step.inputs())
                .error()
                .map(error -> invalid(step, error))
                .orElseGet(() -> StepResult.failure(
                        "failed to run commands: fork/exec /usr/bin/pwsh: no such file or directory")));
        return () -> {};
    }

    private static StepResult invalid(Step step, String error) {
        return StepResult.failure(
                "Invalid format in plugin properties " + GoJson.print(step.inputs()) + ";\nerror " + error);
    }

    private static ShellScript script(Step step, GoStruct.Filled input) {
        Place place = step.place();
        String folder = input.text("ID").matches("(\\.{2}/|~/).*|")
                ? ""
                : "/" + input.text("ID").replace(":", "");
        String directory = input.text("WorkingDirectory");
        return new ShellScript(
                step.name(),
                place.step(step.name()) + folder + "/_script.sh",
                String.join(
                                "\n",
                                Json.elements(input.get("RunCommand")).stream()
                                        .map(ShellPlugin::line)
                                        .toList()) + "\n",
                place.resolve(step.name(), directory),
                directory.startsWith("/") ? Optional.empty() : Optional.of(AGENT_DIRECTORY),
                environment(place, input.get("Environment")),
                Duration.ofSeconds(ExecutionTimeout.ofInput(input.get("TimeoutSeconds"))));
    }

    private static String line(JsonNode element) {
        return element.isNull() ? "" : element.textValue();
    }

    /** The agent's own variables come last, so an input cannot change them. */
    private static Map<String, String> environment(Place place, JsonNode asked) {
        Map<String, String> environment = new LinkedHashMap<>();
        asked.properties().forEach(entry -> environment.put(entry.getKey(), line(entry.getValue())));
        environment.putAll(place.environment());
        return environment;
    }
}
