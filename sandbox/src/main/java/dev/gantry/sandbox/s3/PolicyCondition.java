package dev.gantry.sandbox.s3;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.ssm.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;

/** The condition operators of IAM that the sandbox knows; any other is refused when the policy is put. */
final class PolicyCondition {
    private static final String IF_EXISTS = "IfExists";
    private static final Map<String, Operator> OPERATORS = Map.ofEntries(
            Map.entry("Bool", new Operator(String::equalsIgnoreCase, false)),
            Map.entry("StringEquals", new Operator(String::equals, false)),
            Map.entry("StringNotEquals", new Operator(String::equals, true)),
            Map.entry("StringLike", new Operator(Glob::matches, false)),
            Map.entry("StringNotLike", new Operator(Glob::matches, true)),
            Map.entry("ArnEquals", new Operator(Glob::matchesArn, false)),
            Map.entry("ArnLike", new Operator(Glob::matchesArn, false)),
            Map.entry("ArnNotEquals", new Operator(Glob::matchesArn, true)),
            Map.entry("ArnNotLike", new Operator(Glob::matchesArn, true)));

    private PolicyCondition() {}

    /** @param match takes what the policy says and what the request has */
    private record Operator(BiPredicate<String, String> match, boolean negated) {}

    /** One key under one operator. */
    interface Test {
        boolean holds(Map<String, String> context);
    }

    static List<Test> parse(JsonNode condition) {
        List<Test> tests = new ArrayList<>();
        for (Map.Entry<String, JsonNode> operator : condition.properties()) {
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                tests.add(test(operator.getKey(), key.getKey(), key.getValue()));
            }
        }
        return List.copyOf(tests);
    }

    private static Test test(String name, String key, JsonNode value) {
        String known = key.toLowerCase(Locale.ROOT);
        if (!PolicyRequest.KEYS.contains(known)) {
            throw BucketPolicy.unable("the condition key " + key);
        }
        List<String> wanted = value.isArray() ? Json.texts(value) : List.of(value.asText());
        if (wanted.stream().anyMatch(text -> text.contains("${"))) {
            throw BucketPolicy.unable("a policy variable in the condition " + key);
        }
        if (name.equals("Null")) {
            // True means that the request must not have the key.
            return context -> wanted.contains(Boolean.toString(!context.containsKey(known)));
        }
        boolean ifExists = name.endsWith(IF_EXISTS);
        Operator operator = OPERATORS.get(ifExists ? name.substring(0, name.length() - IF_EXISTS.length()) : name);
        if (operator == null) {
            throw BucketPolicy.unable("the condition operator " + name);
        }
        return context -> {
            String had = context.get(known);
            if (had == null) {
                // IAM: a negated operator holds where the key is missing, any other does not.
                return ifExists || operator.negated();
            }
            return operator.negated()
                    != wanted.stream().anyMatch(want -> operator.match().test(want, had));
        };
    }
}
