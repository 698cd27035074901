package dev.gantry.sandbox;

import dev.gantry.sandbox.ec2.Leftovers;
import dev.gantry.sandbox.events.RuledBus;
import dev.gantry.sandbox.lambda.Host;
import dev.gantry.sandbox.lambda.Lambda;
import dev.gantry.sandbox.lambda.LambdaApi;
import dev.gantry.sandbox.lambda.LogListener;
import dev.gantry.sandbox.s3.S3;
import dev.gantry.sandbox.sqs.Sqs;
import dev.gantry.sandbox.sqs.SqsQuery;
import dev.gantry.sandbox.sts.Sts;
import dev.gantry.sandbox.time.RealTimers;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AccessKeys;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.sandbox.wire.Backing;
import dev.gantry.sandbox.wire.Faults;
import dev.gantry.sandbox.wire.Front;
import dev.gantry.sandbox.wire.FrontServer;
import dev.gantry.sandbox.wire.Journal;
import dev.gantry.sandbox.wire.JsonProtocol;
import dev.gantry.sandbox.wire.QueryProtocol;
import dev.gantry.sandbox.wire.Services;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * AWS on loopback: one endpoint for every service. It leaves nothing behind when it is closed, or when the process is
 * terminated. Several can run in one process. Signed calls count only with a key that the sandbox knows: {@link #ACCESS_KEY}, and
 * those of its functions and instances.
 */
public final class Sandbox implements AutoCloseable {
    public static final String ACCOUNT = "111122223333";
    public static final String REGION = "eu-central-1";
    public static final String ACCESS_KEY = "sandbox";
    public static final String SECRET_KEY = "sandbox";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::closeAll, "sandbox-at-exit");
    private final Cloud cloud;
    private boolean closed;

    private Sandbox(Builder options) throws IOException {
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            this.cloud = cloud(options);
            for (Cloud.Part part : options.parts) {
                part.build(cloud);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IOException("The sandbox cannot start: " + e.getMessage(), e);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The options; the defaults are those of the demo, on any free port. */
    public static final class Builder {
        private int port;
        private String region = REGION;
        private Optional<Timers> timers = Optional.empty();
        private Journal journal = Journal.NONE;
        private Faults faults = Faults.NONE;
        private LogListener logs = LogListener.NONE;
        private Optional<Backing> backing = Optional.empty();
        private final List<Cloud.Part> parts = new ArrayList<>();

        private Builder() {}

        public Builder port(int wanted) {
            this.port = wanted;
            return this;
        }

        public Builder region(String wanted) {
            this.region = wanted;
            return this;
        }

        /** Takes other timers than the machine's clock; the sandbox does not close them. */
        public Builder timers(Timers given) {
            this.timers = Optional.of(given);
            return this;
        }

        public Builder journal(Journal given) {
            this.journal = given;
            return this;
        }

        public Builder faults(Faults given) {
            this.faults = given;
            return this;
        }

        /** Hears what functions log. */
        public Builder logs(LogListener given) {
            this.logs = given;
            return this;
        }

        /** Has another stand-in for AWS answer what the sandbox does not. */
        public Builder behind(Backing given) {
            this.backing = Optional.of(given);
            return this;
        }

        public Builder with(Cloud.Part part) {
            parts.add(part);
            return this;
        }

        /**
         * Starts the sandbox.
         *
         * @throws IOException where the port is taken, a part cannot be built, or the disk refuses
         */
        public Sandbox start() throws IOException {
            return new Sandbox(this);
        }
    }

    private Cloud cloud(Builder options) throws IOException {
        clearLeftovers();
        Path directory = onClose(Scratch.make()).folder();
        Timers timers = options.timers.orElseGet(this::realTimers);
        AccessKeys keys = new AccessKeys();
        keys.register(
                ACCESS_KEY, new Identity(ACCOUNT, "arn:aws:iam::" + ACCOUNT + ":user/sandbox", "AIDASANDBOXSANDBOX00"));
        Services services = new Services(options.backing);
        Front front = new Front(options.region, services, keys, timers, options.journal, options.faults);
        FrontServer server = onClose(new FrontServer(front, options.port));
        Sqs sqs = new Sqs(options.region, ACCOUNT, timers, server::endpoint);
        S3 s3 = new S3(options.region, Files.createDirectory(directory.resolve("s3")), timers, keys);
        Path functions = Files.createDirectory(directory.resolve("lambda"));
        Host host = new Host(options.region, ACCOUNT, server::endpoint, keys, timers, options.logs, functions);
        Lambda lambda = onClose(new Lambda(host));
        RuledBus events = new RuledBus(options.region, ACCOUNT, timers);
        services.add("s3", s3)
                .add("lambda", new LambdaApi(lambda))
                .add("sts", new QueryProtocol(Sts.NAMESPACE, caller -> new Sts(keys, caller)))
                .addJson("sqs", "AmazonSQS", new JsonProtocol("1.0", sqs))
                // A request without a target uses the older protocol.
                .add("sqs", new QueryProtocol(new SqsQuery(sqs)));
        return new Cloud(
                options.region,
                ACCOUNT,
                timers,
                keys,
                services,
                server,
                events,
                sqs,
                s3,
                lambda,
                directory,
                this::onClose);
    }

    /** Starts even if leftovers cannot be removed. */
    private static void clearLeftovers() {
        try {
            Leftovers.clear();
        } catch (IOException e) {
            System.err.println("sandbox: what a killed sandbox left could not be removed: " + e.getMessage());
        }
    }

    private Timers realTimers() {
        return onClose(new RealTimers());
    }

    private synchronized <T extends AutoCloseable> T onClose(T resource) {
        open.push(resource);
        return resource;
    }

    /** The services and what they share, for tests and for the demo. */
    public Cloud cloud() {
        return cloud;
    }

    /** What clients take for {@code AWS_ENDPOINT_URL}. */
    public URI endpoint() {
        return cloud.front().endpoint();
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // The process ends, and the hook closes it or finds it closed.
        }
    }

    private synchronized void closeAll() {
        if (closed) {
            return;
        }
        closed = true;
        while (!open.isEmpty()) {
            AutoCloseable resource = open.pop();
            try {
                resource.close();
            } catch (Exception e) {
                // The rest must still be closed.
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler()
                        .uncaughtException(thread, new IllegalStateException("cannot close " + resource, e));
            }
        }
    }
}
