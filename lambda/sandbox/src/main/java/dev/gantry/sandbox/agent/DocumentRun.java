package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.InvocationStatus;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.ssm.StepReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Executes one document, step by step, without a thread of its own. The rules are those of AWS-FACTS section 2a: a
 * failed step does not stop the later ones; 168 and 169 end the document as success or failure; {@code onFailure},
 * {@code onSuccess} and {@code finallyStep} count inside of {@code inputs} only; after 194 the machine reboots and the
 * step runs again (user guide, "Handling reboots when running commands"), as does a step under which the machine went
 * down.
 */
final class DocumentRun {
    private final List<JsonNode> steps;
    private final JsonNode document;
    private final Interpolation interpolation;
    private final Place place;
    private final Map<String, Plugin> plugins;
    private final InstantSource clock;
    private final List<StepReport> reports = new ArrayList<>();

    private Consumer<List<StepReport>> progress = all -> {};
    private BiConsumer<InvocationStatus, List<StepReport>> finished = (status, all) -> {};
    private Runnable rebootMachine = () -> {};
    private Optional<Machine.Running> running = Optional.empty();
    private Optional<InvocationStatus> verdict = Optional.empty();
    private boolean skipping;
    private boolean cancelled;
    private boolean suspended;
    private volatile boolean lost;
    private int next;

    /** Makes runs on one machine. */
    interface Factory {
        DocumentRun create(JsonNode document, Map<String, List<String>> parameters, Place place);
    }

    DocumentRun(
            JsonNode document,
            Interpolation interpolation,
            Place place,
            Map<String, Plugin> plugins,
            InstantSource clock) {
        this.document = document;
        this.steps = Json.elements(document.path("mainSteps"));
        this.interpolation = interpolation;
        this.place = withVariables(place, interpolation);
        this.plugins = plugins;
        this.clock = clock;
    }

    void start(Consumer<List<StepReport>> onProgress, BiConsumer<InvocationStatus, List<StepReport>> onFinished) {
        progress = onProgress;
        finished = onFinished;
        advance();
    }

    /** Goes on after the machine has come back: with the step that asked for the reboot or was interrupted. */
    void resume() {
        synchronized (this) {
            if (!suspended) {
                return;
            }
            suspended = false;
        }
        advance();
    }

    void cancel() {
        Optional<Machine.Running> current;
        synchronized (this) {
            cancelled = true;
            current = running;
        }
        current.ifPresent(Machine.Running::cancel);
    }

    /** Runs the next step, or says that there is none. Steps that are skipped take no turn of the stack. */
    private void advance() {
        while (next < steps.size()) {
            JsonNode step = steps.get(next);
            Optional<String> skip = reasonToSkip(step);
            if (skip.isEmpty()) {
                begin(step);
                return;
            }
            next++;
            report(step, StepResult.success(skip.get()), clock.instant());
        }
        finished.accept(status(), List.copyOf(reports));
    }

    private Optional<String> reasonToSkip(JsonNode step) {
        boolean finallyStep = flag(step, "finallyStep").equals("true");
        if (isCancelled()) {
            return Optional.of("Step execution skipped because the command was cancelled.");
        }
        if (skipping && !finallyStep) {
            return Optional.of("Step execution skipped due to an earlier step's exit.");
        }
        return Preconditions.unmet(interpolation.apply(step.path("precondition")), document)
                .map(why -> "Step execution skipped due to unsatisfied preconditions: '" + why + "'.");
    }

    private void begin(JsonNode step) {
        String action = step.path("action").asText();
        Instant started = clock.instant();
        Plugin plugin = plugins.get(action);
        if (plugin == null) {
            ended(
                    step,
                    StepResult.failure("Plugin with name " + action + " is not supported by the sandbox's agent."),
                    started);
            return;
        }
        Machine.Running handle = plugin.run(
                new Plugin.Step(step.path("name").asText(), inputs(step), place),
                result -> ended(step, result, started));
        boolean late;
        synchronized (this) {
            running = Optional.of(handle);
            late = cancelled;
        }
        if (late) {
            handle.cancel();
        }
    }

    private JsonNode inputs(JsonNode step) {
        Map<String, JsonNode> inputs = new LinkedHashMap<>();
        step.path("inputs").properties().forEach(entry -> {
            boolean script = entry.getKey().equals("runCommand");
            JsonNode value = entry.getValue();
            inputs.put(entry.getKey(), script ? interpolation.applyToScript(value) : interpolation.apply(value));
        });
        return Json.object().setAll(inputs);
    }

    private void ended(JsonNode step, StepResult result, Instant started) {
        if (result.lost() && !isCancelled()) {
            interrupted();
            return;
        }
        if (result.wantsReboot() && !isCancelled()) {
            reboot(step, started);
            return;
        }
        next++;
        report(step, conclude(step, result), started);
        advance();
    }

    /** The whole command goes on from this step later; a document inside of another leaves that to the outer one. */
    private void interrupted() {
        if (place.depth() == 0) {
            suspend();
        } else {
            lost = true;
            finished.accept(InvocationStatus.FAILED, List.copyOf(reports));
        }
    }

    /** Whether the machine went down under it. */
    boolean lost() {
        return lost;
    }

    /** A machine must not be rebooted from inside of aws:runDocument: the agent makes that an error. */
    private void reboot(JsonNode step, Instant started) {
        if (place.depth() == 0) {
            suspend();
            rebootMachine.run();
            return;
        }
        next++;
        report(step, StepResult.failure("A document run by aws:runDocument must not reboot the machine."), started);
        advance();
    }

    /** What exit 194 does to the machine. */
    DocumentRun rebootBy(Runnable reboot) {
        rebootMachine = reboot;
        return this;
    }

    private synchronized void suspend() {
        suspended = true;
    }

    /** What the end of the step means for the rest; gives the result as it is reported. */
    private StepResult conclude(JsonNode step, StepResult result) {
        boolean success = result.status() == InvocationStatus.SUCCESS;
        String policy = flag(step, success ? "onSuccess" : "onFailure");
        if (result.code() == StepResult.EXIT_WITH_SUCCESS || (!success && policy.equals("successAndExit"))) {
            end(InvocationStatus.SUCCESS);
            return result.forgiven();
        }
        if (result.code() == StepResult.EXIT_WITH_FAILURE) {
            end(InvocationStatus.FAILED);
        } else if (policy.equals("exit")) {
            skipping = true;
        }
        return result;
    }

    private void end(InvocationStatus status) {
        skipping = true;
        verdict = Optional.of(status);
    }

    private static String flag(JsonNode step, String name) {
        return step.path("inputs").path(name).asText("");
    }

    private void report(JsonNode step, StepResult result, Instant started) {
        reports.add(new StepReport(
                step.path("name").asText(),
                result.status(),
                result.code(),
                result.stdout(),
                result.stderr(),
                new Output(result.stdout(), result.stderr()).combined(),
                started,
                clock.instant()));
        progress.accept(List.copyOf(reports));
    }

    private InvocationStatus status() {
        if (isCancelled()) {
            return InvocationStatus.CANCELLED;
        }
        if (verdict.isPresent() && verdict.get() == InvocationStatus.SUCCESS) {
            return InvocationStatus.SUCCESS;
        }
        if (has(InvocationStatus.FAILED)) {
            return InvocationStatus.FAILED;
        }
        return has(InvocationStatus.EXECUTION_TIMED_OUT)
                ? InvocationStatus.EXECUTION_TIMED_OUT
                : InvocationStatus.SUCCESS;
    }

    private boolean has(InvocationStatus status) {
        return reports.stream().anyMatch(report -> report.status() == status);
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private static Place withVariables(Place place, Interpolation interpolation) {
        Map<String, String> environment = new LinkedHashMap<>(place.environment());
        environment.putAll(interpolation.environment());
        return new Place(place.instanceId(), place.commandId(), environment, place.depth());
    }
}
