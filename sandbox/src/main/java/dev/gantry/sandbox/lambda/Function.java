package dev.gantry.sandbox.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * A deployed function with its environments: an idle one is reused, a further one is started while concurrency allows, and
 * beyond that an invocation is throttled.
 */
public final class Function implements AutoCloseable {
    /** An account's concurrency, unless AWS raised it. Source: developer guide, "Lambda quotas". */
    private static final int ACCOUNT_CONCURRENCY = 1000;

    private final FunctionSpec spec;
    private final Host host;
    private final Deque<Environment> idle = new ArrayDeque<>();
    private final Set<Environment> all = new HashSet<>();
    private int running;
    private boolean closed;

    Function(FunctionSpec spec, Host host) {
        this.spec = spec;
        this.host = host;
    }

    public FunctionSpec spec() {
        return spec;
    }

    /** An outcome together with the end of the log that led to it. */
    record Logged(Outcome outcome, byte[] tail) {}

    /** Executes once and waits for the end of it. */
    public Outcome invoke(String payload) throws Throttled {
        return invokeLogged(payload, Optional.empty()).outcome();
    }

    /** @param qualifier the version or alias that was invoked, where one was */
    Logged invokeLogged(String payload, Optional<String> qualifier) throws Throttled {
        Environment environment = acquire();
        try {
            Execution execution = Execution.of(payload, qualifier);
            environment.invoke(execution);
            Outcome outcome = execution.outcome().get();
            return new Logged(outcome, environment.logTail());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Logged(Outcome.error("Sandbox.Closed", "The sandbox ended during the invocation."), new byte[0]);
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never an exception", e);
        } finally {
            release(environment);
        }
    }

    private synchronized Environment acquire() throws Throttled {
        int limit = spec.reservedConcurrency().orElse(ACCOUNT_CONCURRENCY);
        if (closed || running >= limit) {
            throw new Throttled(spec.name(), limit);
        }
        Environment environment = livingIdle().orElseGet(this::started);
        running++;
        return environment;
    }

    private Optional<Environment> livingIdle() {
        while (!idle.isEmpty()) {
            Environment environment = idle.pop();
            if (!environment.isDead()) {
                return Optional.of(environment);
            }
            all.remove(environment);
            environment.close();
        }
        return Optional.empty();
    }

    private Environment started() {
        try {
            Environment environment = new Environment(spec, host);
            all.add(environment);
            return environment;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Function " + spec.name() + " cannot start from " + spec.zip() + ": " + e.getMessage(), e);
        }
    }

    private void release(Environment environment) {
        boolean reusable;
        synchronized (this) {
            running--;
            reusable = environment.isFree() && !closed;
            if (reusable) {
                idle.push(environment);
            } else {
                all.remove(environment);
            }
        }
        if (!reusable) {
            environment.close();
        }
    }

    synchronized boolean kill(String accessKey) {
        Optional<Environment> found = all.stream()
                .filter(environment -> environment.accessKey().equals(accessKey))
                .findFirst();
        found.ifPresent(Environment::kill);
        return found.isPresent();
    }

    @Override
    public void close() {
        Set<Environment> open;
        synchronized (this) {
            closed = true;
            open = new HashSet<>(all);
            all.clear();
            idle.clear();
        }
        open.forEach(Environment::close);
    }
}
