package dev.gantry.function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.fuzz.FuzzTarget;
import dev.gantry.aws.fuzz.FuzzTargets;
import dev.gantry.aws.fuzz.Holds;
import dev.gantry.aws.fuzz.Parts;
import dev.gantry.function.signal.Signal;
import dev.gantry.function.signal.SignalParser;
import dev.gantry.launch.port.Ahead;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.twin.CountingIds;
import dev.gantry.launch.twin.World;
import dev.gantry.stored.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The input of the functions: messages of the launch queue, and operators' requests. */
public final class FunctionFuzzTargets implements FuzzTargets {
    private static final int REASON = 600;

    @Override
    public List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "signal",
                        "a message of the launch queue, and its sender",
                        List.of(SignalParser.class),
                        FunctionFuzzTargets::signal),
                new FuzzTarget(
                        "batch",
                        "a batch of messages",
                        List.of(LaunchQueue.class, SignalParser.class),
                        FunctionFuzzTargets::batch),
                new FuzzTarget(
                        "operator",
                        "an operator's invocation",
                        List.of(OperatorHandler.class),
                        FunctionFuzzTargets::operator));
    }

    private static void signal(byte[] input) {
        List<String> parts = Parts.of(input, 2);
        Signal signal = new SignalParser().parse(parts.get(0), parts.get(1));
        if (signal instanceof Signal.Malformed malformed) {
            Holds.that(!malformed.why().isBlank() && malformed.why().length() <= REASON, "why: " + malformed.why());
        } else if (signal instanceof Signal.Nothing nothing) {
            Holds.that(!nothing.why().isBlank() && nothing.why().length() <= REASON, "why: " + nothing.why());
        } else {
            Optional<Look> look = signal instanceof Signal.Launching launching
                    ? Optional.of(launching.look())
                    : signal instanceof Signal.LookAt at ? Optional.of(at.look()) : Optional.empty();
            look.ifPresent(l -> Holds.that(
                    isInstanceIn(parts.get(0), l), "an instance that the message does not name: " + l.instance()));
        }
    }

    /** Its id may be written with escapes. */
    private static boolean isInstanceIn(String body, Look look) {
        return body.contains(look.instance().value()) || body.contains("\\u");
    }

    /** Each part is one message; the handler always answers with ids of this batch. */
    private static void batch(byte[] input) {
        World world = new World();
        world.launch(3).forEach(world::online);
        LaunchQueue queue = new LaunchQueue(
                world.reconciler(),
                new FakeMessages(),
                world.journal,
                new RevisitDelay(() -> 0.5),
                new PageLimit(PageMarks.NONE, world.journal, world.clock));
        List<String> bodies = Parts.of(input, 5);
        List<LaunchQueue.Message> batch = bodies.stream()
                .map(body -> new LaunchQueue.Message(
                        "m" + bodies.indexOf(body), "receipt", body, "AIDAEVENTS", 1 + body.length() % 4))
                .toList();
        List<String> kept = queue.handle(batch);
        Holds.that(
                batch.stream().map(LaunchQueue.Message::id).toList().containsAll(kept),
                "kept a message that is not in the batch: " + kept);
        Holds.that(world.journal.lines("defect").isEmpty(), "a defect: " + world.journal.lines("defect"));
    }

    private static void operator(byte[] input) {
        JsonNode request;
        try {
            request = Json.foreign(Parts.text(input));
        } catch (JsonProcessingException notJson) {
            return;
        }
        if (!request.isObject()) {
            return;
        }
        World world = new World();
        world.launch();
        Ports ports = new Ports(
                world.groups,
                world.agents,
                world.commands,
                Bastion.none("there is no bastion"),
                new Ports.Stored(world.ledger, world.fleets, world.failures),
                world.journal,
                new Ports.Worker(new CountingIds(), world.clock, World.TAKEOVER),
                Ahead.NEVER);
        Map<String, Object> answer = new OperatorHandler(new Wiring(ports, new FakeMessages()))
                .handle(OperatorHandler.fields(request), Authority.ADMINISTRATOR);
        Holds.that(
                Set.of("accepted", "refused", "error").contains(String.valueOf(answer.get("status"))),
                "an answer without a status: " + answer);
        Holds.that(answer.get("message") instanceof String message && !message.isBlank(), "no message: " + answer);
    }
}
