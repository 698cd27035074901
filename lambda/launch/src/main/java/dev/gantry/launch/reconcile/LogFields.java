package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import java.util.Map;
import java.util.TreeMap;

/** The fields that log lines about errors share. */
final class LogFields {
    private LogFields() {}

    /** The fields of a line about a call that failed: these, the fleet, and the error. */
    static Map<String, Object> ofError(FleetName fleet, Map<String, ?> about, GantryException error) {
        Map<String, Object> fields = new TreeMap<>(about);
        fields.put("fleet", fleet.value());
        fields.put("kind", error.kind().name());
        fields.put("error", String.valueOf(error.getMessage()));
        return fields;
    }
}
