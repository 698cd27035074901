package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The operator's function, which an operator invokes by hand: {@code {"action": "look", "instance": …}}, {@code {"action":
 * "propose", "fleet": …, "bundle": …}}, {@code {"action": "lift", "fleet": …, "bundle": …}}, {@code {"action": "redrive"}},
 * {@code {"action": "hold", "instance": …, "minutes": …}}, and {@code unhold} and {@code retry} with an instance. {@code by}
 * says who asks, for the record alone: Lambda does not tell it, and CloudTrail has it where it records invocations.
 *
 * <p>If it is invoked by a fleet's own alias, it acts for that fleet only ({@link Authority}); everything else is refused.
 *
 * <p>The answer has {@code status} ({@code accepted}, {@code refused} or {@code error}) and {@code message}; where an instance
 * was looked at, the {@code decision}, too.
 */
public final class OperatorHandler implements RequestStreamHandler {
    private final Wiring wiring;

    /** Called by Lambda. */
    public OperatorHandler() {
        this(Wiring.fromEnvironment());
    }

    OperatorHandler(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void handleRequest(InputStream request, OutputStream answer, Context context) throws IOException {
        answer.write(Json.text(handle(request.readAllBytes(), context)).getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Object> handle(byte[] request, Context context) {
        try {
            return handle(fields(Json.foreign(request)), Authority.of(context.getInvokedFunctionArn()));
        } catch (JsonProcessingException e) {
            return invalid(new IllegalArgumentException(
                    "the request is not JSON: " + Text.clip(String.valueOf(e.getOriginalMessage()), 200), e));
        } catch (IllegalArgumentException e) {
            return invalid(e);
        }
    }

    /** The request's fields; texts and whole numbers are themselves, everything else is what no field may be. */
    static Map<String, Object> fields(JsonNode request) {
        if (!request.isObject()) {
            throw new IllegalArgumentException("the request is not a JSON object with the field action");
        }
        Map<String, Object> fields = new TreeMap<>();
        request.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> fields.put(field.getKey(), value(field.getValue())));
        return fields;
    }

    private static Object value(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        return node.isIntegralNumber() ? node.numberValue() : node;
    }

    Map<String, Object> handle(Map<String, Object> fields, Authority authority) {
        OperatorRequest request = new OperatorRequest(fields, authority);
        try {
            return switch (request.text("action")) {
                case "look" -> look(instance(request, "look at"));
                case "propose" -> answer(wiring.operator()
                        .propose(request.fleet(), new BundleId(request.text("bundle")), request.caller()));
                case "lift" -> answer(wiring.operator().lift(request.fleet(), request.bundle(), request.caller()));
                case "redrive" -> redrive(request);
                case "hold" -> intervene(request, (instance, by) -> wiring.interventions()
                        .hold(instance, request.minutes("minutes"), by));
                case "unhold" -> intervene(request, wiring.interventions()::unhold);
                case "retry" -> intervene(request, wiring.interventions()::retry);
                default -> throw new IllegalArgumentException(
                        "action must be look, propose, lift, redrive, hold, unhold or retry");
            };
        } catch (NotAuthorized e) {
            return answer(new Operator.Response(false, String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            return invalid(e);
        } catch (GantryException e) {
            return Map.of("status", "error", "kind", e.kind().name(), "message", String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Object> invalid(IllegalArgumentException e) {
        return Map.of("status", "error", "kind", "INVALID", "message", String.valueOf(e.getMessage()));
    }

    /** The request's instance, where the caller may do this to it. */
    private InstanceId instance(OperatorRequest request, String what) {
        InstanceId instance = new InstanceId(request.text("instance"));
        Authority authority = request.authority();
        if (authority.alias().isPresent()
                && !wiring.groupOf(instance).filter(authority::covers).isPresent()) {
            throw new NotAuthorized("alias " + authority.alias().get() + " may not " + what + " instance " + instance
                    + ", which is not its fleet's; an administrator invokes the function itself");
        }
        return instance;
    }

    private Map<String, Object> look(InstanceId instance) {
        Decision decision = wiring.reconciler().look(List.of(Look.at(instance))).get(instance);
        return looked(instance, decision, decision.why());
    }

    private static Map<String, Object> looked(InstanceId instance, Decision decision, String message) {
        Map<String, Object> answer = new TreeMap<>();
        answer.put("status", "accepted");
        answer.put("instance", instance.value());
        answer.put("decision", Summary.name(decision));
        answer.put("message", message);
        return answer;
    }

    /** What is asked for is carried out at once: the record is changed, then the instance is looked at. */
    private Map<String, Object> intervene(
            OperatorRequest request, BiFunction<InstanceId, String, Operator.Response> wish) {
        InstanceId instance = instance(request, request.text("action"));
        Operator.Response answer = wish.apply(instance, request.caller());
        if (!answer.accepted()) {
            return answer(answer);
        }
        Decision decision = wiring.reconciler().look(List.of(Look.at(instance))).get(instance);
        return looked(instance, decision, answer.message());
    }

    private Map<String, Object> redrive(OperatorRequest request) {
        request.authority().alias().ifPresent(alias -> {
            throw new NotAuthorized("alias " + alias + " may not redrive the dead-letter queue, which is every fleet's;"
                    + " an administrator invokes the function itself");
        });
        int messages = wiring.messages().redrive();
        if (messages == 0) {
            return answer(new Operator.Response(false, "the dead-letter queue is empty: there is nothing to redrive"));
        }
        wiring.journal().log(EventType.REDRIVEN, Map.of("by", request.caller(), "messages", messages));
        return answer(new Operator.Response(
                true,
                "about " + messages + " messages of the dead-letter queue go back to the launch queue; what cannot be"
                        + " read comes here again, with a page"));
    }

    private static Map<String, Object> answer(Operator.Response answer) {
        return Map.of("status", answer.accepted() ? "accepted" : "refused", "message", answer.message());
    }
}
