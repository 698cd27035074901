package dev.gantry.sandbox.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tags that a request gives to what it makes or tags, as condition keys ({@code aws:RequestTag/KEY}; IAM user guide, "Controlling
 * access during AWS requests").
 */
final class RequestTags {
    private static final String CONDITION_KEY = "aws:RequestTag/";

    /** EC2's and the other form services' lists; not the tags that a launch template gives to what it launches. */
    private static final Pattern IN_A_FORM =
            Pattern.compile("((?:TagSpecification\\.\\d+\\.)?(?:Tag|Tags\\.member)\\.\\d+\\.)Key");

    private RequestTags() {}

    static Map<String, String> ofForm(Map<String, String> form) {
        Map<String, String> tags = new TreeMap<>();
        form.forEach((name, key) -> {
            Matcher tag = IN_A_FORM.matcher(name);
            if (tag.matches()) {
                tags.put(CONDITION_KEY + key, form.getOrDefault(tag.group(1) + "Value", ""));
            }
        });
        return tags;
    }

    /** A list of keys and values (KMS calls them TagKey and TagValue), or an object. */
    static Map<String, String> ofJson(JsonNode input) {
        Map<String, String> tags = new TreeMap<>();
        JsonNode found = input.has("Tags") ? input.path("Tags") : input.path("tags");
        if (found.isObject()) {
            found.properties()
                    .forEach(tag -> tags.put(
                            CONDITION_KEY + tag.getKey(), tag.getValue().asText()));
        } else {
            found.forEach(tag -> tags.put(CONDITION_KEY + either(tag, "Key"), either(tag, "Value")));
        }
        return tags;
    }

    private static String either(JsonNode tag, String member) {
        return tag.path(tag.has(member) ? member : "Tag" + member).asText();
    }
}
