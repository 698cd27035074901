package dev.gantry.sandbox.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A step's {@code precondition}: {@code StringEquals} with two operands, of which one may be the variable {@code platformType}
 * (runpluginutil.evaluatePreconditions). One that does not hold skips the step, and one that the agent does not understand fails
 * it. Every machine of the sandbox is Linux.
 */
final class Preconditions {
    private static final String PLATFORM = "platformType";
    private static final Pattern STORED = Pattern.compile("\\{\\{\\s*ssm:[\\w./-]+\\s*}}");
    private static final Pattern SECURE = Pattern.compile("\\{\\{\\s*ssm-secure:[\\w./-]+\\s*}}");

    private Preconditions() {}

    /** Whether the step runs, and if not, whether it is skipped or fails. */
    enum Outcome {
        MET,
        UNMET,
        UNRECOGNIZED
    }

    /**
     * The result of a precondition.
     *
     * @param said the conditions that do not hold, in the agent's words
     */
    record Evaluation(Outcome outcome, String said) {}

    static Evaluation evaluate(JsonNode precondition, Interpolation interpolation) {
        List<Evaluation> failing = new ArrayList<>();
        precondition.properties().forEach(condition -> {
            Evaluation one = one(condition.getKey(), Json.texts(condition.getValue()), interpolation);
            if (one.outcome() != Outcome.MET) {
                failing.add(one);
            }
        });
        Outcome outcome = failing.isEmpty()
                ? Outcome.MET
                : failing.stream().anyMatch(one -> one.outcome() == Outcome.UNMET)
                        ? Outcome.UNMET
                        : Outcome.UNRECOGNIZED;
        return new Evaluation(
                outcome,
                String.join(", ", failing.stream().map(Evaluation::said).toList()));
    }

    private static Evaluation one(String operator, List<String> operands, Interpolation interpolation) {
        if (!operator.equals("StringEquals")) {
            return new Evaluation(Outcome.UNRECOGNIZED, "unrecognized operator: \"" + operator + "\"");
        }
        if (operands.size() != 2) {
            return unrecognized("operator accepts exactly 2 arguments");
        }
        String left = operands.get(0);
        String right = operands.get(1);
        if (left.equals(right)) {
            return left.equals(PLATFORM)
                    ? unrecognized("[" + left + " " + right + "]")
                    : unrecognized("operator's arguments can't be identical");
        }
        if (STORED.matcher(left).find() || STORED.matcher(right).find()) {
            return unrecognized("operator's arguments can't contain SSM parameters");
        }
        if (SECURE.matcher(left).find() || SECURE.matcher(right).find()) {
            return unrecognized("operator's arguments can't contain secure SSM parameters");
        }
        String leftValue = interpolation.text(left);
        String rightValue = interpolation.text(right);
        if (left.equals(PLATFORM) || right.equals(PLATFORM)) {
            String wanted = left.equals(PLATFORM) ? right : left;
            String value = left.equals(PLATFORM) ? rightValue : leftValue;
            return wanted.equalsIgnoreCase(value)
                    ? compared(wanted.equalsIgnoreCase("linux"), left, right)
                    : unrecognized(
                            "the second argument for the platformType variable can't contain document parameters");
        }
        if (left.equals(leftValue) && right.equals(rightValue)) {
            return unrecognized("at least one of operator's arguments must contain a valid document parameter");
        }
        return compared(leftValue.equals(rightValue), left, right);
    }

    private static Evaluation compared(boolean equal, String left, String right) {
        return equal
                ? new Evaluation(Outcome.MET, "")
                : new Evaluation(Outcome.UNMET, "\"StringEquals\": [" + left + ", " + right + "]");
    }

    private static Evaluation unrecognized(String why) {
        return new Evaluation(Outcome.UNRECOGNIZED, "\"StringEquals\": " + why);
    }
}
