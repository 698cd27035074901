package dev.gantry.function;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.FleetAlias;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator asks, field by field.
 *
 * @param authority for which fleets the caller may act
 */
record OperatorRequest(Map<String, Object> fields, Authority authority) {
    /** The longest ARN of an assumed role has some 200 characters. */
    private static final int LONGEST_NAME = 256;

    private static final int LONGEST_HOLD = 48 * 60;

    /** @throws IllegalArgumentException where the field is missing or no text */
    String text(String field) {
        if (fields.get(field) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new IllegalArgumentException("field " + field + " is missing or not a text, in a request with the fields "
                + Text.clip(String.valueOf(fields.keySet()), 200));
    }

    FleetName fleet() {
        FleetName fleet = new FleetName(text("fleet"));
        if (!authority.covers(fleet)) {
            throw new NotAuthorized("alias " + authority.alias().orElseThrow() + " may not act for fleet " + fleet
                    + ", whose alias is " + FleetAlias.of(fleet));
        }
        return fleet;
    }

    Optional<BundleId> bundle() {
        return fields.get("bundle") == null ? Optional.empty() : Optional.of(new BundleId(text("bundle")));
    }

    /** From a minute to AWS's own limit of a wait. */
    Duration minutes(String field) {
        if (fields.get(field) instanceof Number number
                && number.doubleValue() == number.longValue()
                && number.longValue() >= 1
                && number.longValue() <= LONGEST_HOLD) {
            return Duration.ofMinutes(number.longValue());
        }
        throw new IllegalArgumentException("field " + field + " must be a whole number from 1 to " + LONGEST_HOLD);
    }

    /** Who asks, as the caller says it: for the record, and for nothing else. */
    String caller() {
        return fields.get("by") instanceof String by && !by.isBlank()
                ? Text.clip(by.replaceAll("\\p{Cntrl}", "?"), LONGEST_NAME)
                : "a caller that gave no name";
    }
}
