package dev.gantry.sandbox;

import static dev.gantry.sandbox.AccountReader.text;
import static dev.gantry.sandbox.AccountReader.unusable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.events.EventPattern;
import dev.gantry.sandbox.events.QueuePolicy;
import dev.gantry.sandbox.events.RateSchedule;
import dev.gantry.sandbox.events.Rule;
import dev.gantry.sandbox.lambda.Function;
import dev.gantry.sandbox.lambda.FunctionSpec;
import dev.gantry.sandbox.lambda.SqsEventSource;
import dev.gantry.sandbox.sqs.Queue;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Backing;
import dev.gantry.sandbox.wire.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An account that another stand-in for AWS keeps, behind the sandbox: Terraform applies to the sandbox's one address, and what the
 * sandbox has no service for is made there. Functions, event source mappings, rules and schedules are read from it and run as
 * they are described; so no second API for making them is needed. They are read before each call that lets one of them act: a
 * function's invocation, a group's creation or change, and a hook's.
 *
 * <p>Four services are the sandbox's own. docs/decisions/0027 has what of them both stand-ins must know.
 */
final class AccountBehind implements Cloud.Part, Backing.Hook {
    private static final Pattern RATE = Pattern.compile("rate\\(([1-9][0-9]{0,3}) (minute|hour)s?\\)");
    private static final String SENDER = "events.amazonaws.com";

    private static final Map<String, Backing.Split> SPLITS = Map.of(
            "s3",
            new Backing.Split(
                    Set.of("CreateBucket", "DeleteBucket"), Set.of("GetBucketVersioning", "GetBucketEncryption")),
            "sqs",
            new Backing.Split(Set.of("CreateQueue", "DeleteQueue"), Set.of()),
            "ssm",
            new Backing.Split(
                    Set.of("CreateDocument", "UpdateDocument", "DeleteDocument", "PutParameter", "DeleteParameter"),
                    Set.of()),
            "autoscaling",
            new Backing.Split(
                    Set.of("CreateAutoScalingGroup", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup"), Set.of()),
            "lambda",
            new Backing.Split(
                    Set.of(),
                    Set.of(
                            "GetFunction",
                            "GetFunctionConfiguration",
                            "ListFunctions",
                            "ListEventSourceMappings",
                            "GetAccountSettings")));

    /** Before these the account is read again. */
    private static final Set<String> READ_BEFORE =
            Set.of("Invoke", "CreateAutoScalingGroup", "UpdateAutoScalingGroup", "PutLifecycleHook", "DeleteQueue");

    private final Upstream upstream;
    private final AccountReader account;
    private final String region;
    private final Map<String, Path> packages = new HashMap<>();
    private final Map<String, JsonNode> functions = new HashMap<>();
    private final AtWork work = new AtWork();
    private Optional<Cloud> cloud = Optional.empty();

    /**
     * @param zips the packages that functions may have; one is recognised by its digest
     * @throws IOException where a package cannot be read
     */
    AccountBehind(Upstream upstream, String region, List<Path> zips) throws IOException {
        this.upstream = upstream;
        this.account = new AccountReader(upstream, region);
        this.region = region;
        for (Path zip : zips) {
            packages.put(digest(Files.readAllBytes(zip)), zip.toAbsolutePath());
        }
    }

    /** As Lambda tells it: CodeSha256. */
    private static String digest(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Backing backing() {
        return new Backing(upstream, SPLITS, this);
    }

    @Override
    public void build(Cloud built) {
        cloud = Optional.of(built);
        built.onClose().accept(this::endAll);
    }

    @Override
    public synchronized void before(String service, String operation) {
        if (READ_BEFORE.contains(operation)) {
            read();
        }
    }

    /** Functions that are at work get their new code at once, and a mapping that is removed no longer polls. */
    @Override
    public synchronized void changed(String service) {
        if (service.equals("lambda") && !work.isEmpty()) {
            try {
                read();
            } catch (AwsError unusable) {
                // The change was made. The next call that needs it is told.
                System.err.println("sandbox: " + unusable.getMessage());
            }
        }
    }

    private void read() {
        readFunctions();
        work.beginRound();
        readMappings();
        readSchedules();
        readRules();
        work.endRound();
    }

    private void readFunctions() {
        for (JsonNode function :
                account.rest("lambda", "/2015-03-31/functions/").path("Functions")) {
            String name = text(function, "FunctionName");
            JsonNode relevant = ((ObjectNode) function.deepCopy())
                    .retain("FunctionName", "Handler", "Timeout", "MemorySize", "Environment", "CodeSha256");
            if (!relevant.equals(functions.put(name, relevant))) {
                // The mappings of the old one end with it.
                work.endAll("mapping ");
                it().lambda().deploy(spec(name, relevant));
            }
        }
    }

    private FunctionSpec spec(String name, JsonNode function) {
        Path zip = Optional.ofNullable(packages.get(text(function, "CodeSha256")))
                .orElseThrow(() -> unusable(
                        "Function " + name + " was given a package that is none of " + packages.values() + "."));
        Map<String, String> environment = new HashMap<>();
        function.path("Environment")
                .path("Variables")
                .properties()
                .forEach(variable ->
                        environment.put(variable.getKey(), variable.getValue().asText()));
        return new FunctionSpec(
                name,
                text(function, "Handler"),
                zip,
                Duration.ofSeconds(function.path("Timeout").asInt()),
                function.path("MemorySize").asInt(),
                environment,
                Optional.empty());
    }

    private void readMappings() {
        for (JsonNode mapping :
                account.rest("lambda", "/2015-03-31/event-source-mappings/").path("EventSourceMappings")) {
            work.keep("mapping " + text(mapping, "UUID"), mapping.toString(), () -> source(mapping));
        }
    }

    private AutoCloseable source(JsonNode mapping) {
        String arn = text(mapping, "EventSourceArn");
        Queue queue =
                it().sqs().byArn(arn).orElseThrow(() -> unusable("A mapping names " + arn + ", which is not there."));
        Function function = it().lambda()
                .find(text(mapping, "FunctionArn"))
                .orElseThrow(() -> unusable("A mapping names a function that is not there: " + mapping));
        SqsEventSource.Settings settings = new SqsEventSource.Settings(
                mapping.path("BatchSize").asInt(10),
                Duration.ofSeconds(Math.max(
                        1, mapping.path("MaximumBatchingWindowInSeconds").asInt(0))),
                mapping.path("ScalingConfig").path("MaximumConcurrency").asInt(2));
        SqsEventSource source = new SqsEventSource(queue, function, settings, region, it().timers());
        source.start();
        return source;
    }

    private void readSchedules() {
        for (JsonNode listed : account.rest("scheduler", "/schedules").path("Schedules")) {
            JsonNode schedule = account.rest("scheduler", "/schedules/" + text(listed, "Name"));
            String function = text(schedule.path("Target"), "Arn");
            Duration rate = rate(text(schedule, "ScheduleExpression"));
            work.keep("schedule " + text(schedule, "Name"), rate + " " + function, () -> {
                RateSchedule started = new RateSchedule(
                        text(schedule, "Name"), region, it().account(), rate, it().timers(), event -> it().lambda()
                                .invokeAsync(
                                        it().lambda()
                                                .find(function)
                                                .orElseThrow()
                                                .spec()
                                                .name(),
                                        event));
                started.start();
                return started;
            });
        }
    }

    private static Duration rate(String expression) {
        Matcher matcher = RATE.matcher(expression);
        if (!matcher.matches()) {
            throw unusable("A schedule's expression is no rate of minutes or hours: " + expression);
        }
        int count = Integer.parseInt(matcher.group(1));
        return matcher.group(2).equals("hour") ? Duration.ofHours(count) : Duration.ofMinutes(count);
    }

    private void readRules() {
        for (JsonNode rule : account.events("ListRules", "{}").path("Rules")) {
            String name = text(rule, "Name");
            JsonNode targets = account.events(
                            "ListTargetsByRule", Json.object().put("Rule", name).toString())
                    .path("Targets");
            List<String> arns = new ArrayList<>();
            targets.forEach(target -> arns.add(text(target, "Arn")));
            if (rule.path("State").asText("ENABLED").equals("ENABLED")
                    && rule.path("EventPattern").isTextual()) {
                String pattern = text(rule, "EventPattern");
                work.keep("rule " + name, pattern + arns, () -> {
                    EventPattern parsed = pattern(name, pattern);
                    it().events().put(new Rule(name, parsed, arns, event -> carry(text(rule, "Arn"), arns, event)));
                    return () -> it().events().remove(name);
                });
            }
        }
    }

    private static EventPattern pattern(String rule, String json) {
        try {
            return EventPattern.parse(json);
        } catch (IllegalArgumentException e) {
            throw unusable("Rule " + rule + ": " + e.getMessage());
        }
    }

    /** What a queue's policy does not allow is lost silently, as on AWS. */
    private void carry(String rule, List<String> targets, String event) {
        targets.stream()
                .flatMap(arn -> it().sqs().byArn(arn).stream())
                .filter(queue -> queue.policy()
                        .filter(policy -> QueuePolicy.lets(policy, rule))
                        .isPresent())
                .forEach(queue -> queue.send(event, Map.of(), SENDER, Optional.empty()));
    }

    private synchronized void endAll() {
        work.endAll("");
    }

    private Cloud it() {
        return cloud.orElseThrow(() -> new IllegalStateException("the sandbox has not started"));
    }
}
