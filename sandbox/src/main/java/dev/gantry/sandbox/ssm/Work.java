package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A command on its way to one instance.
 *
 * @param document the document's parsed content
 * @param parameters as the caller of SendCommand gave them, without the defaults, which the agent fills in
 */
public record Work(String commandId, String documentName, JsonNode document, Map<String, List<String>> parameters) {}
