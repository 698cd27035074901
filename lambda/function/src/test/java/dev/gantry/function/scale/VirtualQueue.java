package dev.gantry.function.scale;

import dev.gantry.function.LoadedFunction.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** SQS, as far as a mapping needs it: visibility, receive counts, and how deep it was. */
final class VirtualQueue {
    /** Six times the function's timeout, as Lambda's guide asks for. */
    static final Duration VISIBILITY = Duration.ofMinutes(6);

    private final VirtualTime time;
    private final Map<String, Message> messages = new HashMap<>();
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparing(Turn::visibleAt).thenComparing(Turn::order));
    private long numbers;
    private int deepest;

    private static final class Message {
        private final String id;
        private final String body;
        private final String sender;
        private Instant visibleAt;
        private int receives;

        Message(String id, String body, String sender, Instant visibleAt) {
            this.id = id;
            this.body = body;
            this.sender = sender;
            this.visibleAt = visibleAt;
        }
    }

    /** When a message is to be handed out, unless that was changed since. */
    private record Turn(Instant visibleAt, long order, String id) {}

    VirtualQueue(VirtualTime time) {
        this.time = time;
    }

    void send(String body, String sender) {
        String id = "m" + numbers;
        messages.put(id, new Message(id, body, sender, time.instant()));
        schedule(id, time.instant());
        deepest = Math.max(deepest, messages.size());
    }

    private void schedule(String id, Instant visibleAt) {
        messages.get(id).visibleAt = visibleAt;
        numbers++;
        turns.add(new Turn(visibleAt, numbers, id));
    }

    List<Received> receive(int most) {
        List<Received> received = new ArrayList<>();
        while (received.size() < most
                && !turns.isEmpty()
                && !turns.peek().visibleAt().isAfter(time.instant())) {
            Turn turn = turns.remove();
            Message message = messages.get(turn.id());
            if (message != null && message.visibleAt.equals(turn.visibleAt())) {
                message.receives++;
                schedule(message.id, time.instant().plus(VISIBILITY));
                received.add(new Received(message.id, message.id, message.body, message.sender, message.receives));
            }
        }
        return received;
    }

    void hide(String receiptHandle, Duration hidden) {
        if (messages.containsKey(receiptHandle)) {
            // ChangeMessageVisibility takes whole seconds.
            schedule(receiptHandle, time.instant().plusSeconds(hidden.toSeconds()));
        }
    }

    void delete(String receiptHandle) {
        messages.remove(receiptHandle);
    }

    int deepest() {
        return deepest;
    }
}
