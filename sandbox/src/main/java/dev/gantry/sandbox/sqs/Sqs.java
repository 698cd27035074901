package dev.gantry.sandbox.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.JsonService;
import dev.gantry.sandbox.wire.QueryCompatible;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Amazon SQS, standard queues only, over AWS JSON 1.0. Limits and error codes are those of the SQS API reference. A queue's
 * address is only a name: whichever host a client reaches the sandbox by, its last part decides.
 */
public final class Sqs implements JsonService, QueryCompatible {
    private static final Pattern QUEUE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final int MOST_IN_A_BATCH = 10;
    private static final int MOST_BYTES_IN_A_BATCH = 1_048_576;
    private static final int LONGEST_VISIBILITY = 43_200;

    private final String region;
    private final String account;
    private final Timers timers;
    private final Supplier<URI> endpoint;
    private final Object lock = new Object();
    private final Map<String, Queue> queues = new TreeMap<>();
    private final List<ObjectNode> moveTasks = new ArrayList<>();

    /**
     * An account without queues.
     *
     * @param endpoint asked each time an address is given out, as the port may be known late */
    public Sqs(String region, String account, Timers timers, Supplier<URI> endpoint) {
        this.region = region;
        this.account = account;
        this.timers = timers;
        this.endpoint = endpoint;
    }

    /** The queue of that ARN. */
    public Optional<Queue> byArn(String arn) {
        synchronized (lock) {
            return queues.values().stream()
                    .filter(queue -> queue.arn().equals(arn))
                    .findFirst();
        }
    }

    /** The queue of that name. */
    public Optional<Queue> find(String name) {
        synchronized (lock) {
            return Optional.ofNullable(queues.get(name));
        }
    }

    /** The address that clients use for a queue. */
    public String url(String name) {
        return endpoint.get() + "/" + account + "/" + name;
    }

    @Override
    public ObjectNode call(String operation, ObjectNode input) {
        return switch (operation) {
            case "CreateQueue" -> createQueue(input);
            case "GetQueueUrl" -> node().put(
                            "QueueUrl", url(named(text(input, "QueueName")).name()));
            case "ListQueues" -> listQueues(input);
            case "GetQueueAttributes" -> getQueueAttributes(input);
            case "SetQueueAttributes" -> setQueueAttributes(input);
            case "DeleteQueue" -> deleteQueue(input);
            case "PurgeQueue" -> done(queue(input)::purge);
            case "SendMessage" -> send(queue(input), input);
            case "SendMessageBatch" -> sendBatch(input);
            case "ReceiveMessage" -> receive(input);
            case "DeleteMessage" -> done(() -> queue(input).delete(text(input, "ReceiptHandle")));
            case "DeleteMessageBatch" -> batch(input, entry -> queue(input).delete(text(entry, "ReceiptHandle")));
            case "ChangeMessageVisibility" -> done(() -> changeVisibility(queue(input), input));
            case "ChangeMessageVisibilityBatch" -> batch(input, entry -> changeVisibility(queue(input), entry));
            case "StartMessageMoveTask" -> startMove(input);
            case "ListMessageMoveTasks" -> listMoves(input);
            case "ListDeadLetterSourceQueues" -> listSources(input);
            default -> throw AwsError.badRequest(
                    "UnsupportedOperation", "The sandbox's SQS does not do " + operation + ".");
        };
    }

    @Override
    public String queryCode(String shape) {
        return switch (shape) {
            case "QueueDoesNotExist" -> "AWS.SimpleQueueService.NonExistentQueue";
            case "QueueNameExists" -> "QueueAlreadyExists";
            case "TooManyEntriesInBatchRequest",
                    "EmptyBatchRequest",
                    "BatchEntryIdsNotDistinct",
                    "BatchRequestTooLong",
                    "InvalidBatchEntryId",
                    "PurgeQueueInProgress",
                    "UnsupportedOperation" -> "AWS.SimpleQueueService." + shape;
            default -> shape;
        };
    }

    private ObjectNode createQueue(ObjectNode input) {
        Queue queue = create(text(input, "QueueName"), strings(input.path("Attributes")));
        return node().put("QueueUrl", url(queue.name()));
    }

    /**
     * Makes a queue; one of the same name and attributes is returned as it is.
     *
     * @throws AwsError where SQS would refuse the name or an attribute
     */
    public Queue create(String name, Map<String, String> wanted) {
        if (name.endsWith(".fifo")) {
            throw invalid("The sandbox has standard queues only; " + name + " is a FIFO queue's name.");
        }
        if (!QUEUE_NAME.matcher(name).matches()) {
            throw invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
        }
        synchronized (lock) {
            Queue existing = queues.get(name);
            if (existing != null) {
                checkAgreement(existing, wanted);
                return existing;
            }
            QueueAttributes attributes = checked(new QueueAttributes(wanted));
            String arn = "arn:aws:sqs:" + region + ":" + account + ":" + name;
            Queue created = new Queue(name, arn, attributes, timers, lock, this::byArn);
            queues.put(name, created);
            return created;
        }
    }

    private static void checkAgreement(Queue existing, Map<String, String> wanted) {
        if (!existing.attributes().agreesWith(wanted)) {
            throw AwsError.badRequest(
                    "QueueNameExists",
                    "A queue already exists with the same name and a different value for an attribute.");
        }
    }

    private QueueAttributes checked(QueueAttributes attributes) {
        attributes
                .redrive()
                .filter(redrive -> byArn(redrive.targetArn()).isEmpty())
                .ifPresent(redrive -> {
                    throw invalid("Value " + attributes.given().get("RedrivePolicy")
                            + " for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.");
                });
        return attributes;
    }

    private ObjectNode listQueues(ObjectNode input) {
        ObjectNode output = node();
        ArrayNode urls = output.putArray("QueueUrls");
        String prefix = input.path("QueueNamePrefix").asText("");
        synchronized (lock) {
            // "a maximum of 1,000 results" without MaxResults: API reference, ListQueues.
            queues.keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .limit(1000)
                    .map(this::url)
                    .forEach(urls::add);
        }
        return output;
    }

    private ObjectNode getQueueAttributes(ObjectNode input) {
        Map<String, String> all = queue(input).describe();
        ObjectNode output = node();
        Set<String> names = names(input.path("AttributeNames"));
        all.forEach((name, value) -> {
            if (names.contains("All") || names.contains(name)) {
                output.withObject("/Attributes").put(name, value);
            }
        });
        return output;
    }

    private ObjectNode setQueueAttributes(ObjectNode input) {
        Queue queue = queue(input);
        Map<String, String> more = strings(input.path("Attributes"));
        synchronized (lock) {
            checked(queue.attributes().with(more));
            queue.change(more);
        }
        return node();
    }

    private ObjectNode deleteQueue(ObjectNode input) {
        Queue queue = queue(input);
        synchronized (lock) {
            queues.remove(queue.name());
            queue.drop();
        }
        return node();
    }

    private ObjectNode send(Queue queue, JsonNode input) {
        String body = text(input, "MessageBody");
        Map<String, MessageAttribute> attributes = attributes(input.path("MessageAttributes"));
        int limit = queue.attributes().maximumMessageSize();
        if (size(input) > limit) {
            throw invalid(
                    "One or more parameters are invalid. Reason: Message must be shorter than " + limit + " bytes.");
        }
        if (body.chars().anyMatch(c -> (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c >= 0xFFFE)) {
            throw AwsError.badRequest(
                    "InvalidMessageContents",
                    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | "
                            + "#x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
        }
        Optional<Duration> delay = seconds(input, "DelaySeconds", 900);
        String id = queue.send(body, attributes, account, delay);
        ObjectNode output = node().put("MessageId", id).put("MD5OfMessageBody", Md5.hex(body));
        if (!attributes.isEmpty()) {
            output.put("MD5OfMessageAttributes", Md5.hex(attributes));
        }
        return output;
    }

    private static int size(JsonNode message) {
        int size = message.path("MessageBody").asText("").getBytes(UTF_8).length;
        for (Map.Entry<String, MessageAttribute> attribute :
                attributes(message.path("MessageAttributes")).entrySet()) {
            size += attribute.getKey().getBytes(UTF_8).length
                    + attribute.getValue().dataType().getBytes(UTF_8).length
                    + attribute.getValue().value().getBytes(UTF_8).length;
        }
        return size;
    }

    private ObjectNode sendBatch(ObjectNode input) {
        Queue queue = queue(input);
        int total = 0;
        for (JsonNode entry : input.path("Entries")) {
            total += size(entry);
        }
        if (total > MOST_BYTES_IN_A_BATCH) {
            throw AwsError.badRequest(
                    "BatchRequestTooLong",
                    "Batch requests cannot be longer than " + MOST_BYTES_IN_A_BATCH + " bytes. You have sent " + total
                            + " bytes.");
        }
        return batchAnswering(input, entry -> send(queue, entry));
    }

    private ObjectNode receive(ObjectNode input) {
        Queue queue = queue(input);
        int max = input.path("MaxNumberOfMessages").asInt(1);
        if (max < 1 || max > MOST_IN_A_BATCH) {
            throw invalid("Value " + max + " for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 "
                    + "and 10, if provided.");
        }
        Optional<Duration> visibility = seconds(input, "VisibilityTimeout", LONGEST_VISIBILITY);
        Duration wait =
                seconds(input, "WaitTimeSeconds", 20).orElse(queue.attributes().receiveWait());
        Set<String> system = names(input.path("MessageSystemAttributeNames"));
        system.addAll(names(input.path("AttributeNames")));
        Set<String> own = names(input.path("MessageAttributeNames"));
        ObjectNode output = node();
        List<Message> received = await(queue, queue.receive(max, visibility, wait));
        received.forEach(message -> output.withArray("/Messages").add(Messages.shown(message, system, own)));
        return output;
    }

    private static List<Message> await(Queue queue, CompletableFuture<List<Message>> poll) {
        try {
            return poll.get();
        } catch (InterruptedException e) {
            queue.abandon(poll);
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a poll ends with messages or without", e);
        }
    }

    private static void changeVisibility(Queue queue, JsonNode input) {
        Duration visibility =
                seconds(input, "VisibilityTimeout", LONGEST_VISIBILITY).orElseThrow(() -> missing("VisibilityTimeout"));
        queue.changeVisibility(text(input, "ReceiptHandle"), visibility);
    }

    private ObjectNode startMove(ObjectNode input) {
        String source = text(input, "SourceArn");
        Queue from = byArn(source).orElseThrow(() -> noSuchResource(source));
        if (sources(from).isEmpty()) {
            throw invalid("Source queue must be configured as a Dead Letter Queue.");
        }
        Optional<Queue> to = Optional.ofNullable(input.path("DestinationArn").textValue())
                .map(arn -> byArn(arn).orElseThrow(() -> noSuchResource(arn)));
        Instant now = timers.instant();
        int moved = from.moveAll(to);
        ObjectNode task = node().put("Status", "COMPLETED")
                .put("SourceArn", source)
                .put("ApproximateNumberOfMessagesMoved", moved)
                .put("ApproximateNumberOfMessagesToMove", moved)
                .put("StartedTimestamp", now.toEpochMilli());
        synchronized (lock) {
            moveTasks.add(0, task);
        }
        return node().put("TaskHandle", UUID.randomUUID().toString());
    }

    private ObjectNode listMoves(ObjectNode input) {
        String source = text(input, "SourceArn");
        ObjectNode output = node();
        ArrayNode results = output.putArray("Results");
        synchronized (lock) {
            moveTasks.stream()
                    .filter(task -> task.path("SourceArn").asText().equals(source))
                    .limit(Math.max(
                            1,
                            Math.min(MOST_IN_A_BATCH, input.path("MaxResults").asInt(1))))
                    .forEach(results::add);
        }
        return output;
    }

    private ObjectNode listSources(ObjectNode input) {
        ObjectNode output = node();
        ArrayNode urls = output.putArray("queueUrls");
        sources(queue(input)).stream().map(Queue::name).map(this::url).forEach(urls::add);
        return output;
    }

    private List<Queue> sources(Queue deadLetters) {
        synchronized (lock) {
            return queues.values().stream()
                    .filter(queue -> queue.attributes()
                            .redrive()
                            .filter(redrive -> redrive.targetArn().equals(deadLetters.arn()))
                            .isPresent())
                    .toList();
        }
    }

    private ObjectNode batch(ObjectNode input, Consumer<JsonNode> effect) {
        queue(input);
        return batchAnswering(input, entry -> {
            effect.accept(entry);
            return node();
        });
    }

    private interface Effect {
        ObjectNode of(JsonNode entry);
    }

    private static ObjectNode batchAnswering(ObjectNode input, Effect effect) {
        JsonNode entries = input.path("Entries");
        checkBatch(entries);
        ObjectNode output = node();
        ArrayNode successful = output.putArray("Successful");
        ArrayNode failed = output.putArray("Failed");
        for (JsonNode entry : entries) {
            String id = text(entry, "Id");
            try {
                successful.add(effect.of(entry).put("Id", id));
            } catch (AwsError e) {
                failed.addObject()
                        .put("Id", id)
                        .put("Code", e.code())
                        .put("Message", e.getMessage())
                        .put("SenderFault", e.status() < 500);
            }
        }
        return output;
    }

    private static void checkBatch(JsonNode entries) {
        if (entries.isEmpty()) {
            throw AwsError.badRequest("EmptyBatchRequest", "There should be at least one entry in the request.");
        }
        if (entries.size() > MOST_IN_A_BATCH) {
            throw AwsError.badRequest(
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are 10. You have sent " + entries.size() + ".");
        }
        Set<String> ids = new HashSet<>();
        for (JsonNode entry : entries) {
            String id = text(entry, "Id");
            if (!QUEUE_NAME.matcher(id).matches()) {
                throw AwsError.badRequest(
                        "InvalidBatchEntryId",
                        "A batch entry id can only contain alphanumeric characters, hyphens and "
                                + "underscores. It can be at most 80 letters long.");
            }
            if (!ids.add(id)) {
                throw AwsError.badRequest("BatchEntryIdsNotDistinct", "Id " + id + " repeated.");
            }
        }
    }

    private Queue queue(JsonNode input) {
        String url = text(input, "QueueUrl");
        return named(url.substring(url.lastIndexOf('/') + 1));
    }

    private Queue named(String name) {
        return find(name)
                .orElseThrow(() -> AwsError.badRequest("QueueDoesNotExist", "The specified queue does not exist."));
    }

    private static Map<String, MessageAttribute> attributes(JsonNode input) {
        Map<String, MessageAttribute> attributes = new LinkedHashMap<>();
        input.properties().forEach(field -> {
            String type = field.getValue().path("DataType").asText("");
            String member = type.startsWith("Binary") ? "BinaryValue" : "StringValue";
            String value = field.getValue().path(member).asText("");
            if (type.isEmpty() || value.isEmpty()) {
                throw invalid("The message attribute '" + field.getKey()
                        + "' must contain a non-empty message attribute " + (type.isEmpty() ? "type" : "value") + ".");
            }
            attributes.put(field.getKey(), new MessageAttribute(type, value));
        });
        if (attributes.size() > MOST_IN_A_BATCH) {
            throw invalid("Number of message attributes [" + attributes.size() + "] exceeds the allowed maximum [10].");
        }
        return attributes;
    }

    private static Optional<Duration> seconds(JsonNode input, String member, int most) {
        JsonNode value = input.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        int seconds = value.asInt(-1);
        if (seconds < 0 || seconds > most) {
            throw invalid("Value " + value.asText() + " for parameter " + member
                    + " is invalid. Reason: Must be >= 0 and " + "<= " + most + ", if provided.");
        }
        return Optional.of(Duration.ofSeconds(seconds));
    }

    private static String text(JsonNode input, String member) {
        String value = input.path(member).asText("");
        if (value.isEmpty()) {
            throw missing(member);
        }
        return value;
    }

    private static Map<String, String> strings(JsonNode input) {
        Map<String, String> strings = new LinkedHashMap<>();
        input.properties()
                .forEach(field -> strings.put(field.getKey(), field.getValue().asText()));
        return strings;
    }

    private static Set<String> names(JsonNode input) {
        Set<String> names = new HashSet<>();
        input.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static ObjectNode done(Runnable effect) {
        effect.run();
        return node();
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static AwsError invalid(String message) {
        return AwsError.badRequest("InvalidParameterValue", message);
    }

    private static AwsError missing(String member) {
        return AwsError.badRequest("MissingParameter", "The request must contain the parameter " + member + ".");
    }

    private static AwsError noSuchResource(String arn) {
        return AwsError.badRequest(
                "ResourceNotFoundException",
                "The resource that you specified for the SourceArn or DestinationArn " + "parameter doesn't exist: "
                        + arn + ".");
    }
}
