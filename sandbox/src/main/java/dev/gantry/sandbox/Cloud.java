package dev.gantry.sandbox;

import dev.gantry.sandbox.events.RuledBus;
import dev.gantry.sandbox.lambda.Lambda;
import dev.gantry.sandbox.s3.S3;
import dev.gantry.sandbox.sqs.Sqs;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AccessKeys;
import dev.gantry.sandbox.wire.FrontServer;
import dev.gantry.sandbox.wire.Services;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a {@link Part} of the sandbox may use.
 *
 * @param services where a part registers for clients
 * @param front the endpoint, which can listen on further addresses
 * @param directory for files; deleted when the sandbox closes
 * @param onClose collects what is to be closed with the sandbox, in reverse order
 */
public record Cloud(
        String region,
        String account,
        Timers timers,
        AccessKeys keys,
        Services services,
        FrontServer front,
        RuledBus events,
        Sqs sqs,
        S3 s3,
        Lambda lambda,
        Path directory,
        Consumer<AutoCloseable> onClose) {

    /** Where the functions' logs are, a folder for each function. */
    public Path logs() {
        return directory.resolve("lambda").resolve("logs");
    }

    /** Something in the cloud: another service, or the resources of an example. */
    public interface Part {

        /**
         * Builds itself; called once, in the order in which parts were given.
         *
         * @throws Exception where it cannot; the sandbox then does not start
         */
        void build(Cloud cloud) throws Exception;
    }
}
