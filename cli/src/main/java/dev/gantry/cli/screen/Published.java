package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.bundle.Bundle;
import dev.gantry.launch.fleet.FleetName;
import java.util.Optional;

/**
 * The result of publishing a bundle.
 *
 * @param written false where the same bytes were there already
 */
public record Published(FleetName fleet, Bundle bundle, String address, boolean written) {

    /** What became of the object. */
    public String upload() {
        return address + ": " + (written ? "written" : "already there") + " (" + bundle.files() + " files, "
                + bundle.bytes() + " bytes)";
    }

    /**
     * What became of the proposal.
     *
     * @param message what the function said to it; empty where none was made
     */
    public String proposal(Optional<String> message) {
        return fleet
                + message.map(words -> ": " + bundle.id().sha256() + " is current: " + words)
                        .orElse(": keeps its bundle; this one was not proposed");
    }

    /** For programs. */
    public String form(Optional<String> message) {
        ObjectNode json = Forms.form("gantry.publish/1")
                .put("fleet", fleet.value())
                .put("sha256", bundle.id().sha256())
                .put("address", address)
                .put("bytes", bundle.bytes())
                .put("files", bundle.files())
                .put("written", written)
                .put("current", message.isPresent());
        Forms.text(json, "message", message);
        return json.toString();
    }

    /** A bundle that was only made. */
    public static String bundle(Bundle bundle) {
        return Forms.form("gantry.bundle/1")
                .put("sha256", bundle.id().sha256())
                .put("path", bundle.path().toString())
                .put("bytes", bundle.bytes())
                .put("files", bundle.files())
                .toString();
    }
}
