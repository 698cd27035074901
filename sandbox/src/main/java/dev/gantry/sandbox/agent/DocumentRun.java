package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.Json;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Executes one document, step by step, without a thread of its own, by the rules of the agent's own executor
 * (aws/amazon-ssm-agent, agent/framework/runpluginutil): a failed step does not stop the later ones; 168 and 169 end the document
 * as success or failure; {@code onFailure}, {@code onSuccess} and {@code finallyStep} count inside of {@code inputs} only, and
 * {@code finallyStep} on the last step only; after 194 the machine reboots and the step runs again (user guide, "Handling
 * reboots when running commands"), as does a step under which the machine went down. What the agent really makes of documents is
 * in the corpus that {@code scripts/dev/agent-corpus} runs.
 */
final class DocumentRun {
    private static final Set<String> SCHEMAS = Set.of("2.0", "2.0.1", "2.0.2", "2.0.3", "2.2");
    private static final String FIRST_SCHEMA_WITH_PRECONDITIONS = "2.2";
    /** What the agent knows and has on Linux, but not the sandbox (executer/plugin, and runpluginutil.allPlugins). */
    private static final Set<String> NOT_IN_THE_SANDBOX = Set.of(
            "aws:cloudWatch",
            "aws:configureDocker",
            "aws:configurePackage",
            "aws:domainJoin",
            "aws:refreshAssociation",
            "aws:runDockerAction",
            "aws:softwareInventory",
            "aws:updateSsmAgent");
    /** What the agent knows, but does not have on Linux. */
    private static final Set<String> NOT_ON_LINUX =
            Set.of("aws:applications", "aws:configureDaemon", "aws:psModule", "aws:updateAgent");

    private final List<JsonNode> steps;
    private final JsonNode document;
    private final Interpolation interpolation;
    private final Place place;
    private final Map<String, Plugin> plugins;
    private final InstantSource clock;
    /** By the steps' names, as the agent keeps them: of two steps of one name the later one's remains. */
    private final Map<String, StepOutcome> outcomes = new LinkedHashMap<>();

    private Consumer<List<StepOutcome>> progress = all -> {};
    private BiConsumer<AgentStatus, List<StepOutcome>> finished = (status, all) -> {};
    private Runnable rebootMachine = () -> {};
    private Optional<Machine.Running> running = Optional.empty();
    private boolean cancelled;
    private boolean suspended;
    private volatile boolean lost;
    private int next;

    /** Makes runs on one machine. */
    interface Factory {
        /** The run of a document inside another one, with the values that it was given. */
        DocumentRun create(JsonNode document, Map<String, JsonNode> parameters, Place place);
    }

    DocumentRun(
            JsonNode document,
            Interpolation interpolation,
            Place place,
            Map<String, Plugin> plugins,
            InstantSource clock) {
        this.document = document;
        this.steps = Json.elements(GoJson.field(document, "mainSteps"));
        this.interpolation = interpolation;
        this.place = withVariables(place, interpolation);
        this.plugins = plugins;
        this.clock = clock;
    }

    /** Why the agent does not run the document at all; empty if it does. */
    Optional<String> refusal() {
        String schema = document.path("schemaVersion").asText();
        if (!SCHEMAS.contains(schema)) {
            return Optional.of("Document with schema version " + schema
                    + " is not supported by this version of ssm agent, please update to latest version");
        }
        return ParameterRules.broken(document, interpolation, place.depth() > 0)
                .or(() -> steps.isEmpty() ? Optional.of("Unsupported schema format") : Optional.empty());
    }

    void start(Consumer<List<StepOutcome>> onProgress, BiConsumer<AgentStatus, List<StepOutcome>> onFinished) {
        progress = onProgress;
        finished = onFinished;
        if (refusal().isPresent()) {
            finished.accept(AgentStatus.FAILED, List.of());
        } else {
            advance();
        }
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

    /** Runs the next step, or reports that there is none. Skipped steps do not deepen the stack. */
    private void advance() {
        while (next < steps.size()) {
            JsonNode step = steps.get(next);
            StepOutcome begun = StepOutcome.begun(name(step), clock.instant());
            outcomes.put(begun.name(), begun);
            Operation operation = operation(step);
            if (operation.kind() == Operation.Kind.EXECUTE) {
                begin(step, begun);
                return;
            }
            next++;
            record(
                    operation.kind() == Operation.Kind.SKIP
                            ? begun.skipped(operation.why(), clock.instant())
                            : begun.refused(operation.why(), clock.instant()));
        }
        finish();
    }

    private void finish() {
        List<StepOutcome> all = List.copyOf(outcomes.values());
        finished.accept(
                AgentStatus.ofDocument(all.stream().map(StepOutcome::status).toList()), all);
    }

    /** Whether a step runs, is skipped or fails untried, with the agent's reason. */
    private record Operation(Kind kind, String why) {
        enum Kind {
            EXECUTE,
            SKIP,
            FAIL
        }

        static final Operation EXECUTE = new Operation(Kind.EXECUTE, "");
    }

    private Operation operation(JsonNode step) {
        String action = action(step);
        String suffix = " Step name: " + name(step);
        if (isSkippedByAnEarlierStep()) {
            return new Operation(
                    Operation.Kind.SKIP,
                    "Plugin with name " + action + " and id " + name(step)
                            + " skipped due to prior step with an exit condition");
        }
        JsonNode precondition = GoJson.field(step, "precondition");
        Preconditions.Evaluation conditions = Preconditions.evaluate(precondition, interpolation);
        boolean old = document.path("schemaVersion").asText().compareTo(FIRST_SCHEMA_WITH_PRECONDITIONS) < 0;
        boolean met = old || conditions.outcome() != Preconditions.Outcome.UNMET;
        if (met && !isKnown(action)) {
            return new Operation(
                    Operation.Kind.FAIL,
                    "Plugin with name " + action
                            + " is not supported by this version of ssm agent, please update to latest version."
                            + suffix);
        } else if (old && !precondition.isEmpty()) {
            return new Operation(
                    Operation.Kind.FAIL,
                    "Precondition is not supported for document schema version prior to 2.2." + suffix);
        } else if (old && NOT_ON_LINUX.contains(action)) {
            return new Operation(Operation.Kind.FAIL, "Plugin with name " + action + " not found." + suffix);
        } else if (!isKnown(action) || NOT_ON_LINUX.contains(action)) {
            return new Operation(
                    Operation.Kind.SKIP, "Step execution skipped due to unsupported plugin: " + action + "." + suffix);
        }
        return switch (conditions.outcome()) {
            case MET -> Operation.EXECUTE;
            case UNMET -> new Operation(
                    Operation.Kind.SKIP,
                    "Step execution skipped due to unsatisfied preconditions: '" + conditions.said() + "'." + suffix);
            case UNRECOGNIZED -> new Operation(
                    Operation.Kind.FAIL,
                    "Unrecognized precondition(s): '" + conditions.said() + "', please update agent to latest version."
                            + suffix);
        };
    }

    private boolean isKnown(String action) {
        return plugins.containsKey(action) || NOT_IN_THE_SANDBOX.contains(action) || NOT_ON_LINUX.contains(action);
    }

    private boolean isSkippedByAnEarlierStep() {
        if (flag(steps.get(next), "finallyStep").equals("true") && next == steps.size() - 1) {
            return false;
        }
        return steps.subList(0, next).stream().anyMatch(earlier -> {
            StepOutcome outcome = outcomes.get(name(earlier));
            return outcome.exitsTheDocument()
                    || (outcome.status() == AgentStatus.FAILED
                            && flag(earlier, "onFailure").equals("exit"))
                    || (outcome.status() == AgentStatus.SUCCESS
                            && flag(earlier, "onSuccess").equals("exit"));
        });
    }

    private void begin(JsonNode step, StepOutcome begun) {
        Plugin plugin = plugins.get(action(step));
        if (isCancelled()) {
            ended(step, StepResult.cancelled(), begun);
            return;
        } else if (plugin == null) {
            ended(
                    step,
                    StepResult.failure(
                            "Plugin with name " + action(step) + " is not supported by the sandbox's agent."),
                    begun);
            return;
        }
        Machine.Running handle = plugin.run(
                new Plugin.Step(begun.name(), inputs(step), GoJson.field(step, "settings"), place),
                result -> ended(step, result, begun));
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
        JsonNode inputs = GoJson.field(step, "inputs");
        if (!inputs.isObject()) {
            return interpolation.apply(inputs);
        }
        ObjectNode filled = Json.object();
        inputs.properties().forEach(entry -> {
            boolean script = entry.getKey().equalsIgnoreCase("runCommand");
            JsonNode value = entry.getValue();
            filled.set(entry.getKey(), script ? interpolation.applyToScript(value) : interpolation.apply(value));
        });
        return filled;
    }

    private void ended(JsonNode step, StepResult result, StepOutcome begun) {
        if (result.lost() && !isCancelled()) {
            interrupted();
            return;
        }
        StepOutcome outcome = begun.ended(result, flag(step, "onFailure"), clock.instant());
        if (result.status() == AgentStatus.SUCCESS_AND_REBOOT) {
            outcomes.put(outcome.name(), outcome);
            reboot();
            return;
        }
        next++;
        record(outcome);
        advance();
    }

    private void record(StepOutcome outcome) {
        outcomes.put(outcome.name(), outcome);
        progress.accept(List.copyOf(outcomes.values()));
    }

    /** The whole command continues from this step later; a document inside another one leaves that to the outer one. */
    private void interrupted() {
        if (place.depth() == 0) {
            suspend();
        } else {
            lost = true;
            finish();
        }
    }

    /** Whether the machine went down during the step. */
    boolean lost() {
        return lost;
    }

    /**
     * The step runs again after the reboot. A document inside of another ends here: the outer step then asks for the reboot, and
     * begins it anew.
     */
    private void reboot() {
        if (place.depth() == 0) {
            suspend();
            rebootMachine.run();
        } else {
            finish();
        }
    }

    /** What exit 194 does to the machine. */
    DocumentRun rebootBy(Runnable reboot) {
        rebootMachine = reboot;
        return this;
    }

    private synchronized void suspend() {
        suspended = true;
    }

    /** The steps as they stand, and the status that the document would have with them. */
    void peek(BiConsumer<AgentStatus, List<StepOutcome>> reader) {
        List<StepOutcome> all = List.copyOf(outcomes.values());
        reader.accept(
                AgentStatus.ofDocument(all.stream().map(StepOutcome::status).toList()), all);
    }

    /** A modifier in a step's inputs, a text or a boolean. Unlike other inputs it has to be spelled exactly. */
    private String flag(JsonNode step, String name) {
        JsonNode value = interpolation.apply(GoJson.field(step, "inputs").path(name));
        return value.isTextual() || value.isBoolean() ? value.asText() : "";
    }

    private static String name(JsonNode step) {
        return GoJson.field(step, "name").asText();
    }

    private static String action(JsonNode step) {
        return GoJson.field(step, "action").asText();
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
