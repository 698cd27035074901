package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.AwsError;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Constraints of the service model ({@code ssm/2014-11-06}), refused as AWS refuses them: a ValidationException that
 * names the member, its value and the constraint.
 */
final class Check {
    private final JsonNode input;

    Check(JsonNode input) {
        this.input = input;
    }

    /** A required member. */
    String required(String member) {
        return Json.text(input, member).orElseThrow(() -> failed("null", member, "Member must not be null"));
    }

    Optional<String> optional(String member) {
        return Json.text(input, member);
    }

    Check length(String member, int minimum, int maximum) {
        optional(member).ifPresent(value -> {
            if (value.length() > maximum) {
                throw failed(value, member, "Member must have length less than or equal to " + maximum);
            }
            if (value.length() < minimum) {
                throw failed(value, member, "Member must have length greater than or equal to " + minimum);
            }
        });
        return this;
    }

    Check size(String member, int minimum, int maximum) {
        JsonNode list = input.path(member);
        if (list.isMissingNode() || list.isNull()) {
            return this;
        }
        if (list.size() > maximum) {
            throw failed(list.toString(), member, "Member must have length less than or equal to " + maximum);
        }
        if (list.size() < minimum) {
            throw failed(list.toString(), member, "Member must have length greater than or equal to " + minimum);
        }
        return this;
    }

    Check range(String member, long minimum, long maximum) {
        JsonNode value = input.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return this;
        }
        if (value.asLong() > maximum) {
            throw failed(value.asText(), member, "Member must have value less than or equal to " + maximum);
        }
        if (value.asLong() < minimum) {
            throw failed(value.asText(), member, "Member must have value greater than or equal to " + minimum);
        }
        return this;
    }

    Check matches(String member, Pattern pattern) {
        optional(member).ifPresent(value -> matches(member, value, pattern));
        return this;
    }

    Check eachMatches(String member, Pattern pattern) {
        Json.texts(input.path(member)).forEach(value -> matches(member, value, pattern));
        return this;
    }

    Check oneOf(String member, List<String> allowed) {
        optional(member).ifPresent(value -> {
            if (!allowed.contains(value)) {
                throw failed(value, member, "Member must satisfy enum value set: " + allowed);
            }
        });
        return this;
    }

    private static void matches(String member, String value, Pattern pattern) {
        if (!pattern.matcher(value).find()) {
            throw failed(value, member, "Member must satisfy regular expression pattern: " + pattern);
        }
    }

    private static AwsError failed(String value, String member, String constraint) {
        String name = Character.toLowerCase(member.charAt(0)) + member.substring(1);
        return AwsError.badRequest(
                "ValidationException",
                "1 validation error detected: Value '" + value + "' at '" + name + "' failed to satisfy constraint: "
                        + constraint);
    }
}
