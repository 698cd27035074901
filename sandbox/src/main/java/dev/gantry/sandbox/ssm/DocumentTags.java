package dev.gantry.sandbox.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import java.util.Map;
import java.util.TreeMap;

/** Tags of documents: AddTagsToResource, RemoveTagsFromResource, ListTagsForResource. No other resource has them here. */
final class DocumentTags {
    private final Documents documents;

    DocumentTags(Documents documents) {
        this.documents = documents;
    }

    /** The tags in a request. */
    static Map<String, String> of(JsonNode input) {
        Map<String, String> tags = new TreeMap<>();
        input.path("Tags")
                .forEach(tag -> tags.put(
                        Json.text(tag, "Key").orElse(""),
                        Json.text(tag, "Value").orElse("")));
        return tags;
    }

    static ArrayNode shown(Document document) {
        return Json.nodes(document.tags().entrySet().stream()
                .map(tag -> Json.object().put("Key", tag.getKey()).put("Value", tag.getValue()))
                .toList());
    }

    ObjectNode add(ObjectNode input) {
        documents.tags(id(input), document -> {
            document.tags().putAll(of(input));
            return document;
        });
        return Json.object();
    }

    ObjectNode remove(ObjectNode input) {
        documents.tags(id(input), document -> {
            document.tags().keySet().removeAll(Json.texts(input.path("TagKeys")));
            return document;
        });
        return Json.object();
    }

    ObjectNode list(ObjectNode input) {
        ObjectNode output = Json.object();
        output.set("TagList", documents.tags(id(input), DocumentTags::shown));
        return output;
    }

    private static String id(ObjectNode input) {
        Check check = new Check(input);
        String type = check.required("ResourceType");
        if (!type.equals("Document")) {
            throw AwsError.badRequest(
                    "UnknownOperationException", "The sandbox's Systems Manager keeps no tags of a " + type + ".");
        }
        return check.required("ResourceId");
    }
}
