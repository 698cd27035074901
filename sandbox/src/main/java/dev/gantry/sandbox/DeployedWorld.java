package dev.gantry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.sandbox.events.RateSchedule;
import dev.gantry.sandbox.lambda.Function;
import dev.gantry.sandbox.lambda.FunctionSpec;
import dev.gantry.sandbox.lambda.SqsEventSource;
import dev.gantry.sandbox.sqs.Queue;
import dev.gantry.sandbox.ssm.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A deployment made by Terraform, as scripts/rehearse reads it from the account: queues, functions with their packages and
 * environments, event source mappings, schedules. Everything that the sandbox has an API for (buckets, rules, documents,
 * groups) is made through that API afterwards.
 *
 * <p>The file is JSON: {@code queues} ({@code name}, {@code attributes}; a queue after its dead-letter queue), {@code
 * functions} ({@code name}, {@code handler}, {@code zip}, {@code timeout}, {@code memory}, {@code environment}), {@code
 * mappings} ({@code queue}, {@code function}, {@code batchSize}, {@code windowSeconds}, {@code maximumConcurrency}) and {@code
 * schedules} ({@code name}, {@code expression}, {@code function}).
 */
final class DeployedWorld implements Cloud.Part {
    private static final Pattern RATE = Pattern.compile("rate\\(([1-9][0-9]{0,3}) (minute|hour)s?\\)");

    private final JsonNode world;
    private final Path file;

    DeployedWorld(Path file) throws IOException {
        this.file = file;
        this.world = Json.parse(Files.readString(file))
                .orElseThrow(() -> new IllegalArgumentException(file + " is not JSON; scripts/rehearse writes it."));
    }

    @Override
    public void build(Cloud cloud) {
        world.path("queues").forEach(queue -> cloud.sqs().create(text(queue, "name"), texts(queue.path("attributes"))));
        world.path("functions").forEach(function -> cloud.lambda().deploy(spec(function, cloud)));
        world.path("mappings").forEach(mapping -> map(mapping, cloud));
        world.path("schedules").forEach(schedule -> start(schedule, cloud));
    }

    /** A queue's address is the sandbox's, whatever address the other endpoint gave it. */
    private FunctionSpec spec(JsonNode function, Cloud cloud) {
        Map<String, String> environment = texts(function.path("environment"));
        environment.replaceAll((name, value) ->
                name.endsWith("_URL") ? cloud.sqs().url(value.substring(value.lastIndexOf('/') + 1)) : value);
        return new FunctionSpec(
                text(function, "name"),
                text(function, "handler"),
                Path.of(text(function, "zip")),
                Duration.ofSeconds(number(function, "timeout")),
                number(function, "memory"),
                environment,
                Optional.empty());
    }

    private void map(JsonNode mapping, Cloud cloud) {
        Queue queue = cloud.sqs()
                .find(text(mapping, "queue"))
                .orElseThrow(() -> wrong("mappings", "name a queue that is not there: " + mapping));
        Function function = cloud.lambda()
                .find(text(mapping, "function"))
                .orElseThrow(() -> wrong("mappings", "name a function that is not there: " + mapping));
        SqsEventSource.Settings settings = new SqsEventSource.Settings(
                number(mapping, "batchSize"),
                Duration.ofSeconds(number(mapping, "windowSeconds")),
                number(mapping, "maximumConcurrency"));
        SqsEventSource source = new SqsEventSource(queue, function, settings, cloud.region(), cloud.timers());
        cloud.onClose().accept(source);
        source.start();
    }

    private void start(JsonNode schedule, Cloud cloud) {
        String function = text(schedule, "function");
        RateSchedule rate = new RateSchedule(
                text(schedule, "name"),
                cloud.region(),
                cloud.account(),
                rate(text(schedule, "expression")),
                cloud.timers(),
                event -> cloud.lambda().invokeAsync(function, event));
        cloud.onClose().accept(rate);
        rate.start();
    }

    private Duration rate(String expression) {
        Matcher matcher = RATE.matcher(expression);
        if (!matcher.matches()) {
            throw wrong("schedules", "have an expression that is no rate of minutes or hours: " + expression);
        }
        int count = Integer.parseInt(matcher.group(1));
        return matcher.group(2).equals("hour") ? Duration.ofHours(count) : Duration.ofMinutes(count);
    }

    private String text(JsonNode node, String name) {
        if (!node.path(name).isTextual()) {
            throw wrong(name, "must be a text in " + node);
        }
        return node.path(name).textValue();
    }

    private int number(JsonNode node, String name) {
        if (!node.path(name).isInt()) {
            throw wrong(name, "must be a whole number in " + node);
        }
        return node.path(name).intValue();
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new HashMap<>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private IllegalArgumentException wrong(String name, String rule) {
        return new IllegalArgumentException(file + ": " + name + " " + rule);
    }
}
