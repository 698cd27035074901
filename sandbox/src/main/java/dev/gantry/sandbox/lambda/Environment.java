package dev.gantry.sandbox.lambda;

import dev.gantry.sandbox.wire.AccessKeys.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One execution environment: a process that runs the package through AWS's runtime interface client, and its Runtime API.
 * It takes one invocation at a time and is reused until it times out, exits, or fails to initialise; then it is dead for
 * good and the next invocation gets another.
 */
final class Environment implements RuntimeApi.Handler, AutoCloseable {
    /** What initialisation may take before the invocation's own time begins. Source: developer guide, runtime lifecycle. */
    private static final Duration INIT = Duration.ofSeconds(10);

    private final FunctionSpec spec;
    private final Host host;
    private final String stream = UUID.randomUUID().toString().replace("-", "");
    private final String accessKey = "ASIA" + stream.substring(0, 16).toUpperCase(Locale.ROOT);
    private final EnvironmentLog log;
    private final RuntimeApi api;
    private final Process process;
    private final BlockingQueue<Optional<Execution>> offered = new LinkedBlockingQueue<>();
    private Optional<Execution> current = Optional.empty();
    private Optional<Outcome> initFailure = Optional.empty();
    private Runnable cancelTimeout = () -> {};
    private boolean asked;
    private boolean dead;

    Environment(FunctionSpec spec, Host host) throws IOException {
        this.spec = spec;
        this.host = host;
        Task task = host.task(spec.zip());
        Path temporary = host.temporary(stream);
        this.log = new EnvironmentLog(spec.name(), host.logs(), host.logFile(spec.name(), stream));
        this.api = new RuntimeApi(this);
        host.keys().register(accessKey, Identity.assumedRole(host.account(), spec.name(), spec.name()));
        ProcessBuilder builder = new ProcessBuilder(host.command(spec, task, temporary));
        builder.directory(task.root().toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables(task.root()));
        this.process = builder.start();
        process.getOutputStream().close();
        log.follow(process.getInputStream());
        CompletableFuture<Void> unused = process.onExit().thenAccept(exited -> exited(exited.exitValue()));
    }

    /** What Lambda sets. Source: developer guide, "Defined runtime environment variables". */
    private Map<String, String> variables(Path taskRoot) {
        Map<String, String> variables = new LinkedHashMap<>(spec.environment());
        variables.put("AWS_ENDPOINT_URL", host.endpoint().toString());
        variables.put("_HANDLER", spec.handler());
        variables.put("AWS_REGION", host.region());
        variables.put("AWS_DEFAULT_REGION", host.region());
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_java21");
        variables.put("AWS_LAMBDA_FUNCTION_NAME", spec.name());
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(spec.memoryMegabytes()));
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + spec.name());
        variables.put(
                "AWS_LAMBDA_LOG_STREAM_NAME",
                LocalDate.now(ZoneOffset.UTC).toString().replace('-', '/') + "/[$LATEST]" + stream);
        variables.put("AWS_ACCESS_KEY_ID", accessKey);
        variables.put("AWS_SECRET_ACCESS_KEY", "sandbox");
        variables.put("AWS_SESSION_TOKEN", stream);
        variables.put("AWS_LAMBDA_RUNTIME_API", api.address());
        variables.put("LAMBDA_TASK_ROOT", taskRoot.toString());
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("LD_LIBRARY_PATH", taskRoot + ":" + taskRoot.resolve("lib"));
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin");
        return variables;
    }

    /** Hands an invocation over; the outcome always comes. */
    void invoke(Execution execution) {
        log.begin();
        log.line("START RequestId: " + execution.requestId() + " Version: $LATEST");
        synchronized (this) {
            current = Optional.of(execution);
            if (dead) {
                end(execution, initFailure.orElseGet(() -> exitError(execution, "exit status 1")));
                return;
            }
            Duration limit = asked ? spec.timeout() : INIT.plus(spec.timeout());
            cancelTimeout = host.timers().after(limit, () -> timedOut(execution));
            offered.add(current);
        }
    }

    @Override
    public Optional<Execution> next() throws InterruptedException {
        synchronized (this) {
            asked = true;
        }
        Optional<Execution> execution = offered.take();
        synchronized (this) {
            if (execution.isPresent() && execution.equals(current)) {
                cancelTimeout.run();
                cancelTimeout = host.timers().after(spec.timeout(), () -> timedOut(execution.get()));
            }
        }
        return execution;
    }

    @Override
    public Map<String, String> headers(Execution execution) {
        // The function reads its deadline by the machine's clock, whatever drives the timers here.
        long deadline = System.currentTimeMillis() + spec.timeout().toMillis();
        String arn = "arn:aws:lambda:" + host.region() + ":" + host.account() + ":function:" + spec.name()
                + execution.qualifier().map(qualifier -> ":" + qualifier).orElse("");
        String id = execution.requestId().replace("-", "");
        return Map.of(
                "Lambda-Runtime-Aws-Request-Id",
                execution.requestId(),
                "Lambda-Runtime-Deadline-Ms",
                String.valueOf(deadline),
                "Lambda-Runtime-Invoked-Function-Arn",
                arn,
                "Lambda-Runtime-Trace-Id",
                "Root=1-" + id.substring(0, 8) + "-" + id.substring(8) + ";Parent=" + id.substring(0, 16)
                        + ";Sampled=0");
    }

    @Override
    public synchronized boolean ended(String requestId, Outcome outcome) {
        Optional<Execution> running =
                current.filter(execution -> execution.requestId().equals(requestId));
        running.ifPresent(execution -> end(execution, outcome));
        return running.isPresent();
    }

    @Override
    public synchronized void initFailed(Outcome outcome) {
        initFailure = Optional.of(outcome);
        dead = true;
        current.ifPresent(execution -> end(execution, outcome));
    }

    private synchronized void timedOut(Execution execution) {
        if (current.filter(execution::equals).isPresent()) {
            String seconds = spec.timeout().toSeconds() + ".00 seconds";
            dead = true;
            end(
                    execution,
                    Outcome.error(
                            "Sandbox.Timedout",
                            "RequestId: " + execution.requestId() + " Error: Task timed out after " + seconds));
            kill();
        }
    }

    private synchronized void exited(int status) {
        dead = true;
        String how = status > 128 ? "signal: " + signal(status - 128) : "exit status " + status;
        current.ifPresent(execution -> end(execution, exitError(execution, how)));
        offered.add(Optional.empty());
    }

    private static String signal(int number) {
        return number == 9 ? "killed" : String.valueOf(number);
    }

    private static Outcome exitError(Execution execution, String how) {
        return Outcome.error(
                "Runtime.ExitError",
                "RequestId: " + execution.requestId() + " Error: Runtime exited with error: " + how);
    }

    private void end(Execution execution, Outcome outcome) {
        current = Optional.empty();
        cancelTimeout.run();
        if (outcome.failed()) {
            log.line("ERROR RequestId: " + execution.requestId() + " " + outcome.payload());
        }
        log.line("END RequestId: " + execution.requestId());
        execution.outcome().complete(outcome);
    }

    /** The end of the current invocation's log, once what the process has written so far was read. */
    byte[] logTail() {
        return log.tail();
    }

    String accessKey() {
        return accessKey;
    }

    /**
     * SIGKILL on Linux; the rest follows from the process's exit. Not by {@link Process#destroyForcibly()}, which closes the
     * process's output, too: what it had said before would be lost.
     */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Whether it can take an invocation: its process lives, and does not work on one that the caller has given up. */
    synchronized boolean isFree() {
        return !dead && current.isEmpty();
    }

    @Override
    public void close() {
        kill();
        exited(137);
        api.close();
        host.keys().forget(accessKey);
        awaitExit();
        log.close();
    }

    private void awaitExit() {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
