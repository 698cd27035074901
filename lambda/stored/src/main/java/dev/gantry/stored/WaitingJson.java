package dev.gantry.stored;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.id.InstanceId;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * The instances that waited at the last sweep: {@code {"instances": ["i-…", …]}}. It is derived data, so an unreadable
 * object counts as empty, and the next sweep writes it again.
 */
public final class WaitingJson {
    private WaitingJson() {}

    public static byte[] write(Set<InstanceId> instances) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("instances");
        instances.forEach(instance -> list.add(instance.value()));
        return Json.bytes(json);
    }

    public static Set<InstanceId> read(byte[] bytes) {
        Set<InstanceId> instances = new TreeSet<>();
        Json.tree(new String(bytes, StandardCharsets.UTF_8))
                .map(json -> json.path("instances"))
                .ifPresent(list -> list.forEach(entry -> add(instances, entry)));
        return instances;
    }

    private static void add(Set<InstanceId> instances, JsonNode entry) {
        if (entry.isTextual() && InstanceId.isOne(entry.textValue())) {
            instances.add(new InstanceId(entry.textValue()));
        }
    }
}
