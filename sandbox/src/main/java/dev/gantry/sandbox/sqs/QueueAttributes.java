package dev.gantry.sandbox.sqs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What can be set on a standard queue, with SQS's defaults and limits. Source of each limit: SQS API reference,
 * SetQueueAttributes; the megabyte since August 2025.
 *
 * @param given the attributes that were set, as text
 */
record QueueAttributes(Map<String, String> given) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FREE_TEXT = Set.of("Policy", "RedriveAllowPolicy", "KmsMasterKeyId");
    private static final Map<String, Range> RANGES = Map.of(
            "VisibilityTimeout", new Range(30, 0, 43_200),
            "MessageRetentionPeriod", new Range(345_600, 60, 1_209_600),
            "MaximumMessageSize", new Range(1_048_576, 1024, 1_048_576),
            "DelaySeconds", new Range(0, 0, 900),
            "ReceiveMessageWaitTimeSeconds", new Range(0, 0, 20),
            "KmsDataKeyReusePeriodSeconds", new Range(300, 60, 86_400));

    private record Range(int standard, int least, int most) {}

    /** Where messages go that were received too often. */
    record Redrive(String targetArn, int maxReceiveCount) {}

    QueueAttributes {
        given = Map.copyOf(given);
        given.forEach(QueueAttributes::check);
    }

    private static void check(String name, String value) {
        Range range = RANGES.get(name);
        boolean good;
        if (range != null) {
            good = isWithin(value, range);
        } else if (name.equals("SqsManagedSseEnabled")) {
            good = value.equals("true") || value.equals("false");
        } else if (name.equals("RedrivePolicy")) {
            good = true;
            parse(value);
        } else if (FREE_TEXT.contains(name)) {
            good = true;
        } else {
            throw AwsError.badRequest("InvalidAttributeName", "Unknown Attribute " + name + ".");
        }
        if (!good) {
            throw AwsError.badRequest("InvalidAttributeValue", "Invalid value for the parameter " + name + ".");
        }
    }

    private static boolean isWithin(String value, Range range) {
        try {
            int number = Integer.parseInt(value);
            return number >= range.least() && number <= range.most();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    QueueAttributes with(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(given);
        all.putAll(more);
        // Setting an empty policy removes it.
        all.values().removeIf(String::isEmpty);
        return new QueueAttributes(all);
    }

    /** True where creating the queue once more with these attributes changes nothing. */
    boolean agreesWith(Map<String, String> wanted) {
        return wanted.entrySet().stream().allMatch(entry -> entry.getValue().equals(all().get(entry.getKey())));
    }

    Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        RANGES.forEach((name, range) -> all.put(name, String.valueOf(range.standard())));
        all.remove("KmsDataKeyReusePeriodSeconds");
        all.put("SqsManagedSseEnabled", given.containsKey("KmsMasterKeyId") ? "false" : "true");
        all.putAll(given);
        return all;
    }

    private int number(String name) {
        return Integer.parseInt(all().get(name));
    }

    Duration visibilityTimeout() {
        return Duration.ofSeconds(number("VisibilityTimeout"));
    }

    Duration delay() {
        return Duration.ofSeconds(number("DelaySeconds"));
    }

    Duration receiveWait() {
        return Duration.ofSeconds(number("ReceiveMessageWaitTimeSeconds"));
    }

    Duration retention() {
        return Duration.ofSeconds(number("MessageRetentionPeriod"));
    }

    int maximumMessageSize() {
        return number("MaximumMessageSize");
    }

    Optional<Redrive> redrive() {
        return Optional.ofNullable(given.get("RedrivePolicy")).map(QueueAttributes::parse);
    }

    private static Redrive parse(String policy) {
        String prefix = "Value " + policy + " for parameter RedrivePolicy is invalid. Reason: ";
        try {
            JsonNode json = JSON.readTree(policy);
            int count = json.path("maxReceiveCount").asInt(0);
            if (!json.path("deadLetterTargetArn").isTextual()) {
                throw AwsError.badRequest(
                        "InvalidParameterValue",
                        prefix + "Redrive policy does not contain mandatory attribute: " + "deadLetterTargetArn.");
            }
            if (count < 1 || count > 1000) {
                throw AwsError.badRequest(
                        "InvalidParameterValue",
                        prefix + "Invalid value for maxReceiveCount: "
                                + json.path("maxReceiveCount").asText()
                                + ", valid values are from 1 to 1000 both inclusive.");
            }
            return new Redrive(json.path("deadLetterTargetArn").asText(), count);
        } catch (JsonProcessingException e) {
            throw AwsError.badRequest("InvalidParameterValue", prefix + "Redrive policy is not a valid JSON map.");
        }
    }
}
