package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Set;

/**
 * The filters of ListCommands and ListCommandInvocations: InvokedAfter and InvokedBefore (ISO-8601), Status,
 * DocumentName, ExecutionStage (Executing or Complete). At most five.
 *
 * @param filters as the caller gave them, each with {@code key} and {@code value}
 */
record CommandFilters(JsonNode filters) {
    private static final Set<String> KEYS =
            Set.of("InvokedAfter", "InvokedBefore", "Status", "ExecutionStage", "DocumentName");

    CommandFilters {
        if (filters.size() > 5) {
            throw AwsError.badRequest(
                    "ValidationException",
                    "1 validation error detected: Value at 'filters' failed to satisfy constraint: Member must have"
                            + " length less than or equal to 5");
        }
        Json.elements(filters).forEach(CommandFilters::refuseUnknown);
    }

    boolean match(Command command) {
        boolean executing = command.invocations.values().stream().anyMatch(one -> !one.status.terminal());
        return all(command, command.status().status(), executing);
    }

    boolean match(Invocation invocation) {
        return all(invocation.command, invocation.status.status(), !invocation.status.terminal());
    }

    private static void refuseUnknown(JsonNode filter) {
        String key = filter.path("key").asText();
        if (!KEYS.contains(key)) {
            throw AwsError.badRequest(
                    "InvalidFilterKey", "The filter key " + key + " isn't valid: use one of " + KEYS + ".");
        }
    }

    private boolean all(Command command, String status, boolean executing) {
        return Json.elements(filters).stream().allMatch(filter -> {
            String value = filter.path("value").asText();
            return one(filter.path("key").asText(), value, command, status, executing);
        });
    }

    private static boolean one(String key, String value, Command command, String status, boolean executing) {
        return switch (key) {
            case "InvokedAfter" -> !command.requested.isBefore(time(key, value));
            case "InvokedBefore" -> !command.requested.isAfter(time(key, value));
            case "Status" -> status.equals(value);
            case "DocumentName" -> command.request.document().name().equals(value);
            default -> executing == value.equals("Executing");
        };
    }

    private static Instant time(String key, String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw AwsError.badRequest(
                    "ValidationException",
                    "The filter " + key + " takes a time such as 2024-07-07T00:00:00Z, not " + value + ".");
        }
    }
}
