package dev.gantry.function;

import dev.gantry.function.signal.Signal;
import dev.gantry.function.signal.SignalParser;
import dev.gantry.launch.GantryException;
import dev.gantry.launch.InstanceId;
import dev.gantry.launch.Text;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a batch of messages into one look, and each look's decision into its message's fate. */
final class LaunchQueue {
    private static final int LOGGED_BODY = 2000;

    private final Reconciler reconciler;
    private final Messages messages;
    private final Journal journal;
    private final Waiting waiting;
    private final SignalParser parser = new SignalParser();

    LaunchQueue(Reconciler reconciler, Messages messages, Journal journal, Waiting waiting) {
        this.reconciler = reconciler;
        this.messages = messages;
        this.journal = journal;
        this.waiting = waiting;
    }

    /** @param receives how often SQS has handed it out, this time included */
    record Message(String id, String receiptHandle, String body, String senderId, int receives) {}

    /** A message with what it says, and the looks that it asks for. */
    private record Read(Message message, Signal signal, List<Look> looks, Optional<Decision> failed) {}

    /** Handles a batch; the answer names the messages that SQS has to keep. */
    List<String> handle(List<Message> batch) {
        return handle(batch, Instant.MAX);
    }

    /** The same, with nothing begun after {@code until}; the messages of what is left then are kept. */
    List<String> handle(List<Message> batch, Instant until) {
        List<Read> read = batch.stream().map(this::read).toList();
        Map<InstanceId, Decision> decisions =
                reconciler.look(read.stream().flatMap(r -> r.looks().stream()).toList(), until);
        List<String> kept = new ArrayList<>();
        for (Read one : read) {
            if (isKept(one, decisions)) {
                kept.add(one.message().id());
            }
        }
        logSummary(read, decisions, kept);
        return kept;
    }

    private Read read(Message message) {
        Signal signal = parser.parse(message.body(), message.senderId());
        if (signal instanceof Signal.Launching launching) {
            return new Read(message, signal, List.of(launching.look()), Optional.empty());
        } else if (signal instanceof Signal.LookAt look) {
            return new Read(message, signal, List.of(look.look()), Optional.empty());
        } else if (signal instanceof Signal.CommandEnded ended) {
            return readCommand(message, ended);
        }
        return new Read(message, signal, List.of(), Optional.empty());
    }

    private Read readCommand(Message message, Signal.CommandEnded ended) {
        try {
            return new Read(message, ended, reconciler.looksFor(ended.commandId()), Optional.empty());
        } catch (GantryException e) {
            journal.log(
                    "command_not_read", Map.of("command", ended.commandId(), "error", String.valueOf(e.getMessage())));
            Decision again =
                    new Wait(Reason.RETRYABLE, Optional.of(DecisionTable.AGENT_LOOK), String.valueOf(e.getMessage()));
            return new Read(message, ended, List.of(), Optional.of(again));
        }
    }

    private boolean isKept(Read read, Map<InstanceId, Decision> decisions) {
        if (read.signal() instanceof Signal.Malformed malformed) {
            return !isBuried(read.message(), malformed.why());
        } else if (read.signal() instanceof Signal.Nothing nothing) {
            journal.log("message_ignored", Map.of("message", read.message().id(), "why", nothing.why()));
            return false;
        }
        logIgnored(read, decisions);
        Optional<Duration> wait = decisions(read, decisions).stream()
                .flatMap(d -> waiting.after(read.signal(), d, read.message().receives()).stream())
                .min(Duration::compareTo);
        wait.ifPresent(time -> hide(read.message(), time));
        return wait.isPresent();
    }

    /** Names the instance that a message was of no use for; a whole command's end names too many that are done with. */
    private void logIgnored(Read read, Map<InstanceId, Decision> decisions) {
        if (read.signal() instanceof Signal.CommandEnded) {
            return;
        }
        for (Look look : read.looks()) {
            if (decisions.get(look.instance()) instanceof Ignore ignore) {
                journal.log(
                        "message_ignored",
                        Map.of(
                                "message", read.message().id(),
                                "instance", look.instance().value(),
                                "why", ignore.why()));
            }
        }
    }

    private static List<Decision> decisions(Read read, Map<InstanceId, Decision> decisions) {
        return read.failed().map(List::of).orElseGet(() -> read.looks().stream()
                .map(look -> decisions.getOrDefault(look.instance(), new Ignore("not looked at")))
                .toList());
    }

    /** Where this fails the message comes back after the queue's own visibility timeout, and the sweep has looked before. */
    private void hide(Message message, Duration time) {
        try {
            messages.hide(message.receiptHandle(), time);
        } catch (GantryException e) {
            journal.log(
                    "visibility_not_changed", Map.of("message", message.id(), "error", String.valueOf(e.getMessage())));
        }
    }

    private boolean isBuried(Message message, String why) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("message", message.id());
        fields.put("body", Text.clip(message.body(), LOGGED_BODY));
        try {
            messages.bury(message.body(), why);
            journal.page("malformed", "a message of the launch queue cannot be read: " + why, fields);
            return true;
        } catch (GantryException e) {
            fields.put("error", String.valueOf(e.getMessage()));
            journal.page("malformed", "a message cannot be read, nor put into the dead-letter queue: " + why, fields);
            return false;
        }
    }

    private void logSummary(List<Read> read, Map<InstanceId, Decision> decisions, List<String> kept) {
        journal.log(
                "queue_looked",
                Map.of("messages", read.size(), "kept", kept.size(), "decisions", Summary.of(decisions.values())));
    }
}
