package dev.gantry.sandbox.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * The Lambda service: its functions, and asynchronous invocation with Lambda's retries: twice after an error of the
 * function, after one minute and after two more, and for up to six hours where it is throttled. Source: developer guide,
 * "How Lambda handles errors and retries with asynchronous invocation".
 */
public final class Lambda implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RETRIES = 2;
    private static final Duration LONGEST_AGE = Duration.ofHours(6);
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

    private final Host host;
    private final Map<String, Function> functions = new ConcurrentSkipListMap<>();
    private final List<SqsEventSource> mappings = new CopyOnWriteArrayList<>();
    private final ExecutorService threads;

    public Lambda(Host host) {
        this.host = host;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "sandbox-lambda");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Deploys a function, in the place of one of the same name. */
    public Function deploy(FunctionSpec spec) {
        Function function = new Function(spec, host);
        Function former = functions.put(spec.name(), function);
        if (former != null) {
            former.close();
        }
        return function;
    }

    /** A mapping of it is at work, for ListEventSourceMappings. */
    public void mapped(SqsEventSource mapping) {
        mappings.add(mapping);
    }

    List<SqsEventSource> mappings() {
        return List.copyOf(mappings);
    }

    /** The function of that name, ARN, or partial ARN. */
    public Optional<Function> find(String nameOrArn) {
        int prefix = nameOrArn.indexOf(":function:");
        String name = prefix < 0 ? nameOrArn : nameOrArn.substring(prefix + ":function:".length());
        int qualifier = name.indexOf(':');
        return Optional.ofNullable(functions.get(qualifier < 0 ? name : name.substring(0, qualifier)));
    }

    Function get(String nameOrArn) {
        return find(nameOrArn)
                .orElseThrow(
                        () -> new AwsError(404, "ResourceNotFoundException", "Function not found: " + arn(nameOrArn)));
    }

    Collection<Function> all() {
        return functions.values();
    }

    public String arn(String name) {
        return name.startsWith("arn:")
                ? name
                : "arn:aws:lambda:" + host.region() + ":" + host.account() + ":function:" + name;
    }

    /** Invokes asynchronously; the event is dropped, with a line in the log, when all retries have failed. */
    public void invokeAsync(String name, String payload) {
        checkJson(payload);
        submit(get(name), new Event(payload, host.timers().instant(), 0, Duration.ofSeconds(1)));
    }

    /**
     * Ends the process of an execution environment by SIGKILL at any point, as the loss of its host would.
     *
     * @param accessKey that of the environment, by which it signs its calls
     * @return false where no environment has it
     */
    public boolean kill(String accessKey) {
        return functions.values().stream().anyMatch(function -> function.kill(accessKey));
    }

    static void checkJson(String payload) {
        try {
            JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            throw AwsError.badRequest(
                    "InvalidRequestContentException",
                    "Could not parse request body into json: " + e.getOriginalMessage());
        }
    }

    /** An event in the asynchronous queue. */
    private record Event(String payload, Instant accepted, int attempt, Duration backoff) {}

    private void submit(Function function, Event event) {
        try {
            threads.execute(() -> attempt(function, event));
        } catch (RejectedExecutionException closed) {
            drop(function, "the sandbox has ended");
        }
    }

    private void attempt(Function function, Event event) {
        try {
            Outcome outcome = function.invoke(event.payload());
            if (outcome.failed()) {
                retry(function, event);
            }
        } catch (Throttled e) {
            boolean tooOld =
                    event.accepted().plus(LONGEST_AGE).isBefore(host.timers().instant());
            if (tooOld) {
                drop(function, "throttled for six hours");
            } else {
                Duration next = event.backoff().multipliedBy(2);
                Duration bounded = next.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : next;
                Event again = new Event(event.payload(), event.accepted(), event.attempt(), bounded);
                host.timers().after(event.backoff(), () -> submit(function, again));
            }
        }
    }

    private void retry(Function function, Event event) {
        if (event.attempt() == RETRIES) {
            drop(function, "failed " + (RETRIES + 1) + " times");
            return;
        }
        Event again = new Event(event.payload(), event.accepted(), event.attempt() + 1, event.backoff());
        host.timers().after(Duration.ofMinutes(again.attempt()), () -> submit(function, again));
    }

    private void drop(Function function, String reason) {
        String name = function.spec().name();
        host.logs().line(name, "An asynchronous event was dropped: " + reason + ".");
    }

    @Override
    public void close() {
        threads.shutdownNow();
        functions.values().forEach(Function::close);
    }
}
