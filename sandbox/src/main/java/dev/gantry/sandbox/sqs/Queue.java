package dev.gantry.sandbox.sqs;

import dev.gantry.sandbox.sqs.QueueAttributes.Redrive;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AwsError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One standard queue: visibility, receive counts, delays, long polls, retention, and moving to its dead-letter queue. It
 * delivers at least once, like SQS: a message that is not deleted in time is received again. All queues share one lock,
 * because moving a message changes two of them.
 */
public final class Queue {
    /** Messages received and not deleted. Source: SQS developer guide, "Amazon SQS message quotas". */
    private static final int MOST_IN_FLIGHT = 120_000;

    private final String name;
    private final String arn;
    private final Timers timers;
    private final Object lock;
    private final Function<String, Optional<Queue>> byArn;
    private final Instant created;
    private final Map<String, Stored> messages = new LinkedHashMap<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private QueueAttributes attributes;
    private Instant modified;
    private Optional<Instant> purged = Optional.empty();
    private Runnable cancelWake = () -> {};

    Queue(
            String name,
            String arn,
            QueueAttributes attributes,
            Timers timers,
            Object lock,
            Function<String, Optional<Queue>> byArn) {
        this.name = name;
        this.arn = arn;
        this.attributes = attributes;
        this.timers = timers;
        this.lock = lock;
        this.byArn = byArn;
        this.created = timers.instant();
        this.modified = created;
    }

    /** A message with what the queue knows about it. */
    private static final class Stored {
        private final String id = UUID.randomUUID().toString();
        private final String body;
        private final Map<String, MessageAttribute> attributes;
        private final String sender;
        private final Instant sentAt;
        private final Optional<String> sourceArn;
        private Instant visibleAt;
        private Optional<Instant> firstReceivedAt = Optional.empty();
        private int receiveCount;
        private String handle = "";

        Stored(
                String body,
                Map<String, MessageAttribute> attributes,
                String sender,
                Instant sentAt,
                Instant visibleAt,
                Optional<String> sourceArn) {
            this.body = body;
            this.attributes = attributes;
            this.sender = sender;
            this.sentAt = sentAt;
            this.visibleAt = visibleAt;
            this.sourceArn = sourceArn;
        }

        boolean inFlight(Instant now) {
            return !handle.isEmpty() && visibleAt.isAfter(now);
        }
    }

    private record Waiter(int max, Optional<Duration> visibility, CompletableFuture<List<Message>> answer) {}

    public String name() {
        return name;
    }

    public String arn() {
        return arn;
    }

    /** How long a received message stays invisible, unless the receiver says otherwise. */
    public Duration visibilityTimeout() {
        synchronized (lock) {
            return attributes.visibilityTimeout();
        }
    }

    /**
     * Sends a message and returns its id.
     *
     * @param delay empty for the queue's own
     */
    public String send(String body, Map<String, MessageAttribute> given, String sender, Optional<Duration> delay) {
        synchronized (lock) {
            Instant now = timers.instant();
            Instant visibleAt = now.plus(delay.orElse(attributes.delay()));
            Stored stored = new Stored(body, given, sender, now, visibleAt, Optional.empty());
            messages.put(stored.id, stored);
            serve();
            return stored.id;
        }
    }

    /**
     * Receives up to {@code max} messages: at once if there is one, otherwise as soon as there is one, otherwise none when the
     * wait is over.
     *
     * @param visibility empty for the queue's own
     */
    public CompletableFuture<List<Message>> receive(int max, Optional<Duration> visibility, Duration wait) {
        return receiveUntil(max, visibility, timers.instant().plus(wait));
    }

    /** The same with the end of the wait; it does not wait if that is not in the future. */
    public CompletableFuture<List<Message>> receiveUntil(int max, Optional<Duration> visibility, Instant end) {
        synchronized (lock) {
            CompletableFuture<List<Message>> answer = new CompletableFuture<>();
            List<Message> now = take(max, visibility);
            if (!now.isEmpty() || !end.isAfter(timers.instant())) {
                answer.complete(now);
                return answer;
            }
            Waiter waiter = new Waiter(max, visibility, answer);
            waiters.add(waiter);
            timers.at(end, () -> giveUp(waiter));
            serve();
            return answer;
        }
    }

    private void giveUp(Waiter waiter) {
        synchronized (lock) {
            if (waiters.remove(waiter)) {
                waiter.answer().complete(List.of());
            }
        }
    }

    /** Ends a long poll whose client has gone, so that no message is lost on it. */
    public void abandon(CompletableFuture<List<Message>> poll) {
        synchronized (lock) {
            waiters.removeIf(waiter -> waiter.answer() == poll);
            poll.complete(List.of());
        }
    }

    /** Gives visible messages to waiting receivers, and comes back when the next message becomes visible. */
    private void serve() {
        synchronized (lock) {
            cancelWake.run();
            while (!waiters.isEmpty()) {
                List<Message> taken = take(waiters.peek().max(), waiters.peek().visibility());
                if (taken.isEmpty()) {
                    break;
                }
                waiters.remove().answer().complete(taken);
            }
            if (!waiters.isEmpty()) {
                messages.values().stream()
                        .map(stored -> stored.visibleAt)
                        .min(Instant::compareTo)
                        .ifPresent(next -> {
                            cancelWake = timers.at(next, this::serve);
                        });
            }
        }
    }

    private List<Message> take(int max, Optional<Duration> visibility) {
        Instant now = timers.instant();
        List<Message> taken = new ArrayList<>();
        if (inFlight(now) >= MOST_IN_FLIGHT) {
            throw AwsError.badRequest("OverLimit", "The queue " + name + " has " + MOST_IN_FLIGHT + " in flight.");
        }
        Optional<Redrive> redrive = attributes.redrive();
        Instant oldest = now.minus(attributes.retention());
        for (Iterator<Stored> all = messages.values().iterator(); all.hasNext() && taken.size() < max; ) {
            Stored stored = all.next();
            if (stored.sentAt.isBefore(oldest)) {
                all.remove();
            } else if (!stored.visibleAt.isAfter(now)) {
                Optional<Queue> deadLetters = redrive.filter(to -> stored.receiveCount >= to.maxReceiveCount())
                        .flatMap(to -> byArn.apply(to.targetArn()));
                if (deadLetters.isPresent()) {
                    all.remove();
                    deadLetters.get().bury(stored, arn);
                } else {
                    taken.add(receive(stored, now, visibility.orElse(attributes.visibilityTimeout())));
                }
            }
        }
        return taken;
    }

    private Message receive(Stored stored, Instant now, Duration visibility) {
        stored.handle = stored.id + "/" + UUID.randomUUID();
        stored.receiveCount++;
        stored.visibleAt = now.plus(visibility);
        Instant first = stored.firstReceivedAt.orElse(now);
        stored.firstReceivedAt = Optional.of(first);
        return new Message(
                stored.id,
                stored.handle,
                stored.body,
                stored.attributes,
                stored.sender,
                stored.sentAt,
                first,
                stored.receiveCount,
                stored.sourceArn);
    }

    /** A dead letter keeps the time it was sent, so its retention goes on. Source: developer guide, dead-letter queues. */
    private void bury(Stored dead, String sourceArn) {
        Stored stored = new Stored(
                dead.body, dead.attributes, dead.sender, dead.sentAt, timers.instant(), Optional.of(sourceArn));
        stored.receiveCount = dead.receiveCount;
        stored.firstReceivedAt = dead.firstReceivedAt;
        messages.put(stored.id, stored);
        serve();
    }

    /** Deletes by the last receive's handle; an earlier one's succeeds and deletes nothing, as the API reference says. */
    public void delete(String handle) {
        synchronized (lock) {
            find(handle).ifPresent(stored -> messages.remove(stored.id));
        }
    }

    /** Makes a received message visible that much later from now; zero makes it visible at once. */
    public void changeVisibility(String handle, Duration visibility) {
        synchronized (lock) {
            Instant now = timers.instant();
            Stored stored = find(handle)
                    .filter(found -> found.inFlight(now))
                    .orElseThrow(() -> AwsError.badRequest(
                            "InvalidParameterValue",
                            "Value " + handle + " for parameter ReceiptHandle is invalid. Reason: Message does not "
                                    + "exist or is not available for visibility timeout change."));
            stored.visibleAt = now.plus(visibility);
            serve();
        }
    }

    private Optional<Stored> find(String handle) {
        int slash = handle.indexOf('/');
        if (slash < 0) {
            throw AwsError.badRequest(
                    "ReceiptHandleIsInvalid",
                    "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
        }
        return Optional.ofNullable(messages.get(handle.substring(0, slash)))
                .filter(stored -> stored.handle.equals(handle));
    }

    /** Deletes everything; once a minute at most. */
    void purge() {
        synchronized (lock) {
            Instant now = timers.instant();
            if (purged.filter(last -> last.plusSeconds(60).isAfter(now)).isPresent()) {
                throw AwsError.badRequest(
                        "PurgeQueueInProgress",
                        "Only one PurgeQueue operation on " + name + " is allowed every 60 " + "seconds.");
            }
            purged = Optional.of(now);
            messages.clear();
        }
    }

    /** Moves what is visible to where each message came from, or to one queue; returns how many. */
    int moveAll(Optional<Queue> destination) {
        synchronized (lock) {
            Instant now = timers.instant();
            int moved = 0;
            for (Stored stored : List.copyOf(messages.values())) {
                Optional<Queue> to = destination.or(() -> stored.sourceArn.flatMap(byArn));
                if (!stored.visibleAt.isAfter(now) && to.isPresent()) {
                    messages.remove(stored.id);
                    // A new id and a new time: "redriven messages are considered new messages", developer guide.
                    to.get().send(stored.body, stored.attributes, stored.sender, Optional.of(Duration.ZERO));
                    moved++;
                }
            }
            return moved;
        }
    }

    /** Who may do what with the queue, as JSON; empty where only its account may. */
    public Optional<String> policy() {
        return Optional.ofNullable(attributes().given().get("Policy")).filter(policy -> !policy.isEmpty());
    }

    QueueAttributes attributes() {
        synchronized (lock) {
            return attributes;
        }
    }

    void change(Map<String, String> more) {
        synchronized (lock) {
            attributes = attributes.with(more);
            modified = timers.instant();
            serve();
        }
    }

    /** Every attribute as GetQueueAttributes shows it. */
    Map<String, String> describe() {
        synchronized (lock) {
            Instant now = timers.instant();
            long inFlight = inFlight(now);
            long delayed = messages.values().stream()
                    .filter(stored -> stored.handle.isEmpty() && stored.visibleAt.isAfter(now))
                    .count();
            Map<String, String> all = attributes.all();
            all.put("QueueArn", arn);
            all.put("ApproximateNumberOfMessages", String.valueOf(messages.size() - inFlight - delayed));
            all.put("ApproximateNumberOfMessagesNotVisible", String.valueOf(inFlight));
            all.put("ApproximateNumberOfMessagesDelayed", String.valueOf(delayed));
            all.put("CreatedTimestamp", String.valueOf(created.getEpochSecond()));
            all.put("LastModifiedTimestamp", String.valueOf(modified.getEpochSecond()));
            return all;
        }
    }

    private long inFlight(Instant now) {
        return messages.values().stream().filter(stored -> stored.inFlight(now)).count();
    }

    void drop() {
        synchronized (lock) {
            messages.clear();
            waiters.forEach(waiter -> waiter.answer().complete(List.of()));
            waiters.clear();
            cancelWake.run();
        }
    }
}
