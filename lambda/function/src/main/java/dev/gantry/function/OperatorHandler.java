package dev.gantry.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Operator;
import dev.gantry.launch.text.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The operator's function, which an operator invokes by hand: {@code {"action": "look", "instance": …}}, {@code {"action":
 * "propose", "fleet": …, "bundle": …}}, {@code {"action": "lift", "fleet": …, "bundle": …}}.
 *
 * <p>If it is invoked by a fleet's own alias, it acts for that fleet only ({@link Authority}); everything else is refused.
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
            return handle(request, Authority.of(context.getInvokedFunctionArn()));
        } catch (IllegalArgumentException e) {
            return invalid(e);
        }
    }

    Map<String, Object> handle(Map<String, Object> request, Authority authority) {
        try {
            return switch (text(request, "action")) {
                case "look" -> look(new InstanceId(text(request, "instance")), authority);
                case "propose" -> answer(
                        wiring.operator().propose(fleet(request, authority), new BundleId(text(request, "bundle"))));
                case "lift" -> answer(wiring.operator().lift(fleet(request, authority), bundle(request)));
                default -> throw new IllegalArgumentException("action must be look, propose or lift");
            };
        } catch (NotAuthorized e) {
            return answer(new Operator.Answer(false, String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            return invalid(e);
        } catch (GantryException e) {
            return Map.of("status", "error", "kind", e.kind().name(), "message", String.valueOf(e.getMessage()));
        }
    }

    /** The refusal of an action that the fleet's alias does not allow. */
    private static final class NotAuthorized extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAuthorized(String message) {
            super(message);
        }
    }

    private static Map<String, Object> invalid(IllegalArgumentException e) {
        return Map.of("status", "error", "kind", "INVALID", "message", String.valueOf(e.getMessage()));
    }

    private Map<String, Object> look(InstanceId instance, Authority authority) {
        if (authority.alias().isPresent()
                && !wiring.groupOf(instance).filter(authority::covers).isPresent()) {
            throw new NotAuthorized("alias " + authority.alias().get() + " may not look at instance " + instance
                    + ", which is not its fleet's; an administrator invokes the function itself");
        }
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

    private static FleetName fleet(Map<String, Object> request, Authority authority) {
        FleetName fleet = new FleetName(text(request, "fleet"));
        if (!authority.covers(fleet)) {
            throw new NotAuthorized("alias " + authority.alias().orElseThrow() + " may not act for fleet " + fleet
                    + ", whose alias is " + Authority.aliasOf(fleet));
        }
        return fleet;
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
