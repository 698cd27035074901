package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import java.util.List;
import java.util.Optional;

/**
 * The result of publishing a bundle.
 *
 * @param written false where the same bytes were there already
 * @param message what the function said to the proposal; empty where none was made
 */
public record Published(FleetName fleet, BundleId bundle, String address, boolean written, Optional<String> message) {

    /** For people. */
    public List<String> lines() {
        return List.of(
                address + ": " + (written ? "written" : "already there"),
                message.orElse("not proposed: fleet " + fleet + " keeps its bundle"));
    }

    /** For programs. */
    public String form() {
        ObjectNode json = Forms.form("gantry.publish/1")
                .put("fleet", fleet.value())
                .put("sha256", bundle.sha256())
                .put("address", address)
                .put("written", written)
                .put("current", message.isPresent());
        Forms.text(json, "message", message);
        return json.toString();
    }
}
