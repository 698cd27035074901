package dev.gantry.bastion;

import dev.gantry.bastion.keys.SshKeys;
import dev.gantry.bastion.message.AnswerJson;
import dev.gantry.bastion.message.Message;
import dev.gantry.bastion.message.MessageParser;
import dev.gantry.bastion.message.Outcome;
import dev.gantry.bastion.ssh.Budget;
import dev.gantry.bastion.store.Bucket;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.BastionMessages;
import dev.gantry.stored.Unreadable;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Handles a batch of messages: instances in parallel, the messages of one instance in the order in which they were asked. A
 * message whose answer was written is handled, whatever the answer says: the launch function decides whether to ask again. SQS
 * keeps three kinds of message and delivers them again: messages that cannot be read (they end in the dead-letter queue),
 * messages with an unexpected error, and messages whose answer could not be written in time or at all.
 */
final class Batch {
    /** Time for one whole exchange with an instance. */
    static final Duration EXCHANGE = Duration.ofSeconds(20);
    /** Time for writing the answers afterwards; part of the function's 30 s. */
    static final Duration RESERVE = Duration.ofSeconds(6);

    private static final Duration SHORTEST_EXCHANGE = Duration.ofSeconds(5);
    /** The interface's largest batch. */
    private static final int SIDE_BY_SIDE = 10;

    private static final int LOGGED_WHY = 300;
    private static final int FRAMES = 12;

    private final SshKeys keys;
    private final Exchanging exchange;
    private final Bucket bucket;
    private final JsonLog log;
    private final InstantSource clock;

    Batch(SshKeys keys, Exchanging exchange, Bucket bucket, JsonLog log, InstantSource clock) {
        this.keys = keys;
        this.exchange = exchange;
        this.bucket = bucket;
        this.log = log;
        this.clock = clock;
    }

    /** One exchange about one message: {@link Exchange#with}. */
    interface Exchanging {
        Outcome with(Message message, List<KeyPair> keys, Budget budget);
    }

    /** A message as SQS hands it out. */
    record Incoming(String id, String body) {}

    private record Read(String id, Message message) {}

    /**
     * Handles the batch.
     *
     * @param until when this invocation is killed
     * @return the ids of the messages that SQS has to keep
     */
    List<String> handle(List<Incoming> batch, Instant until) {
        Set<String> done = new ConcurrentSkipListSet<>();
        Map<InstanceId, List<Read>> read = new TreeMap<>();
        for (Incoming message : batch) {
            read(message, read);
        }
        if (!read.isEmpty()) {
            exchange(read.values(), until, done);
        }
        List<String> kept = new ArrayList<>(batch.stream().map(Incoming::id).toList());
        kept.removeAll(done);
        log.log("bastion_batch", Map.of("messages", batch.size(), "kept", kept.size()));
        return kept;
    }

    private void read(Incoming incoming, Map<InstanceId, List<Read>> read) {
        try {
            Message message = MessageParser.parse(incoming.body());
            read.computeIfAbsent(message.instance(), first -> new ArrayList<>()).add(new Read(incoming.id(), message));
        } catch (Unreadable e) {
            // Without the body: it may contain values of options.
            log.log(
                    "bastion_message_malformed",
                    Map.of(
                            "message", incoming.id(),
                            "bytes", incoming.body().length(),
                            "why", Text.clip(String.valueOf(e.getMessage()), LOGGED_WHY)));
        } catch (RuntimeException e) {
            defect("message " + incoming.id(), e);
        }
    }

    /** Logs an unexpected error. It concerns one message: that message is kept, and the others go on. */
    private void defect(String of, RuntimeException error) {
        log.log(
                "bastion_defect",
                Map.of(
                        "of", of,
                        "error", Text.clip(String.valueOf(error), LOGGED_WHY),
                        "trace",
                                Arrays.stream(error.getStackTrace())
                                        .limit(FRAMES)
                                        .map(StackTraceElement::toString)
                                        .toList()));
    }

    private void exchange(Collection<List<Read>> instances, Instant until, Set<String> done) {
        Function<Message, Outcome> ask = asking(until);
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(instances.size(), SIDE_BY_SIDE));
        try {
            instances.forEach(reads -> threads.execute(() -> inOrder(reads, ask, until, done)));
            threads.shutdown();
            if (!threads.awaitTermination(until.toEpochMilli() - clock.millis(), TimeUnit.MILLISECONDS)) {
                log.log("bastion_late", Map.of("why", "exchanges were not over when the invocation's time was"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
    }

    /** If the keys cannot be loaded, every message is answered with that error. */
    private Function<Message, Outcome> asking(Instant until) {
        try {
            List<KeyPair> pairs = keys.load().offered(clock.instant());
            return message -> exchange.with(message, pairs, Budget.of(time(until)));
        } catch (GantryException.Retryable e) {
            return message -> Outcome.retryable(String.valueOf(e.getMessage()));
        } catch (GantryException.Misconfigured e) {
            return message -> Outcome.misconfigured(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            defect("the key pairs", e);
            return message -> Outcome.retryable("a defect in Gantry keeps it from its key pairs: " + e);
        }
    }

    private Duration time(Instant until) {
        return Collections.min(List.of(Duration.between(clock.instant(), until).minus(RESERVE), EXCHANGE));
    }

    private void inOrder(List<Read> reads, Function<Message, Outcome> ask, Instant until, Set<String> done) {
        List<Read> left = new ArrayList<>(reads);
        left.sort(Comparator.comparing(read -> read.message().at()));
        while (!left.isEmpty() && time(until).compareTo(SHORTEST_EXCHANGE) >= 0) {
            Message message = left.get(0).message();
            // Duplicate messages need one exchange; the newest of them has the time of the question.
            Map<Boolean, List<Read>> same = left.stream()
                    .collect(Collectors.partitioningBy(read -> read.message().asksTheSameAs(message)));
            List<Read> these = same.get(true);
            if (answer(these.get(these.size() - 1).message(), ask) == Fate.DONE) {
                these.forEach(read -> done.add(read.id()));
            }
            left = same.get(false);
        }
    }

    /** What happens to a message. */
    private enum Fate {
        /** SQS hands it out again. */
        KEPT,
        DONE
    }

    /** Makes the exchange and writes its answer. An unexpected error concerns this message only. */
    private Fate answer(Message message, Function<Message, Outcome> ask) {
        try {
            Instant begun = clock.instant();
            Outcome outcome = ask.apply(message);
            return write(message, outcome, begun);
        } catch (RuntimeException e) {
            defect("run " + message.run() + " on instance " + message.instance(), e);
            return Fate.KEPT;
        }
    }

    private Fate write(Message message, Outcome outcome, Instant begun) {
        Instant ended = clock.instant();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("fleet", message.fleet().value());
        fields.put("instance", message.instance().value());
        fields.put("run", message.run().value());
        fields.put("asked", BastionMessages.word(message.ask()));
        fields.put("state", outcome.state().word());
        fields.put("detail", outcome.detail());
        fields.put("milliseconds", Duration.between(begun, ended).toMillis());
        try {
            bucket.write(message.answerKey(), AnswerJson.bytes(message, outcome, ended));
            log.log("bastion_exchange", fields);
            return Fate.DONE;
        } catch (GantryException e) {
            fields.put("error", String.valueOf(e.getMessage()));
            log.log("bastion_answer_not_written", fields);
            return Fate.KEPT;
        }
    }
}
