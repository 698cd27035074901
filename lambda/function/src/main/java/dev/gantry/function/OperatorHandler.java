package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.gantry.launch.BundleId;
import dev.gantry.launch.FleetName;
import dev.gantry.launch.GantryException;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.Text;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Operator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an operator invokes by hand: {@code {"action": "look", "instance": …}}, {@code {"action": "propose", "fleet": …,
 * "bundle": …}}, {@code {"action": "lift", "fleet": …, "bundle": …}}.
 *
 * <p>The answer has {@code status} ({@code accepted}, {@code refused} or {@code error}) and {@code message}; a look has the
 * {@code decision}, too.
 */
public final class OperatorHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    private final Wiring wiring;

    /** Called by Lambda. */
    public OperatorHandler() {
        this(Wiring.fromEnvironment());
    }

    OperatorHandler(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Map<String, Object> handleRequest(Map<String, Object> request, Context context) {
        try {
            return switch (text(request, "action")) {
                case "look" -> look(new InstanceId(text(request, "instance")));
                case "propose" -> answer(
                        wiring.operator().propose(fleet(request), new BundleId(text(request, "bundle"))));
                case "lift" -> answer(wiring.operator().lift(fleet(request), bundle(request)));
                default -> throw new IllegalArgumentException("action must be look, propose or lift");
            };
        } catch (IllegalArgumentException e) {
            return Map.of("status", "error", "kind", "INVALID", "message", String.valueOf(e.getMessage()));
        } catch (GantryException e) {
            return Map.of("status", "error", "kind", e.kind().name(), "message", String.valueOf(e.getMessage()));
        }
    }

    private Map<String, Object> look(InstanceId instance) {
        Decision decision = wiring.reconciler().look(List.of(Look.at(instance))).get(instance);
        Map<String, Object> answer = new TreeMap<>();
        answer.put("status", "accepted");
        answer.put("instance", instance.value());
        answer.put("decision", Summary.name(decision));
        answer.put("message", decision.why());
        return answer;
    }

    private static Map<String, Object> answer(Operator.Answer answer) {
        return Map.of("status", answer.accepted() ? "accepted" : "refused", "message", answer.message());
    }

    private static FleetName fleet(Map<String, Object> request) {
        return new FleetName(text(request, "fleet"));
    }

    private static Optional<BundleId> bundle(Map<String, Object> request) {
        return request.get("bundle") == null ? Optional.empty() : Optional.of(new BundleId(text(request, "bundle")));
    }

    private static String text(Map<String, Object> request, String field) {
        if (request.get(field) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new IllegalArgumentException("field " + field + " is missing or not a text, in a request with the fields "
                + Text.clip(String.valueOf(request.keySet()), 200));
    }
}
