package dev.gantry.function;

import dev.gantry.function.signal.Signal;
import dev.gantry.function.signal.SignalParser;
import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Turns a batch of messages into one look, and each look's decision into what happens to its message. An unexpected error
 * concerns only the message that caused it: that message is kept, and at last the queue's redrive policy moves it away.
 */
final class LaunchQueue {
    private final Reconciler reconciler;
    private final Messages messages;
    private final Journal journal;
    private final RevisitDelay revisit;
    private final DeadLetters deadLetters;
    private final Defects defects;
    private final SignalParser parser = new SignalParser();

    LaunchQueue(Reconciler reconciler, Messages messages, Journal journal, RevisitDelay revisit, PageLimit limit) {
        this.reconciler = reconciler;
        this.messages = messages;
        this.journal = journal;
        this.revisit = revisit;
        this.defects = new Defects(journal, limit);
        this.deadLetters = new DeadLetters(messages, journal, limit, defects);
    }

    /** @param receives how often SQS has handed it out, this time included */
    record Message(String id, String receiptHandle, String body, String senderId, int receives) {}

    /** A message with what it says, and the looks that it asks for. */
    private record Read(Message message, Signal signal, List<Look> looks, Optional<Decision> failed) {}

    /** Handles a batch; the answer names the messages that SQS has to keep. */
    List<String> handle(List<Message> batch) {
        return handle(batch, reconciler::look);
    }

    /** The same, but nothing begins after {@code until}; the messages of the remaining looks are kept. */
    List<String> handle(List<Message> batch, Instant until) {
        return handle(batch, looks -> reconciler.look(looks, until));
    }

    private List<String> handle(List<Message> batch, Function<List<Look>, Map<InstanceId, Decision>> look) {
        List<Read> read = batch.stream().map(this::read).toList();
        List<String> kept = new ArrayList<>(deadLetters.bury(unreadable(read)));
        List<Read> readable = read.stream()
                .filter(r -> !(r.signal() instanceof Signal.Malformed))
                .toList();
        Looked looked = look(readable, look);
        for (Read one : readable) {
            if (looked.failed() || settleAlone(one, looked.decisions()) == Fate.KEPT) {
                kept.add(one.message().id());
            }
        }
        logSummary(read, looked.decisions(), kept);
        return kept;
    }

    /** What happens to a message. */
    private enum Fate {
        /** SQS hands it out again. */
        KEPT,
        DONE
    }

    /** The looks' decisions; if looking failed as a whole, every message is kept, and the defect is reported. */
    private record Looked(Map<InstanceId, Decision> decisions, boolean failed) {}

    private Looked look(List<Read> readable, Function<List<Look>, Map<InstanceId, Decision>> look) {
        try {
            return new Looked(
                    look.apply(
                            readable.stream().flatMap(r -> r.looks().stream()).toList()),
                    false);
        } catch (RuntimeException e) {
            defects.tell(readable.stream().map(r -> r.message().id()).toList(), e);
            return new Looked(Map.of(), true);
        }
    }

    private static List<DeadLetters.Unreadable> unreadable(List<Read> batch) {
        List<DeadLetters.Unreadable> unreadable = new ArrayList<>();
        for (Read read : batch) {
            if (read.signal() instanceof Signal.Malformed malformed) {
                unreadable.add(new DeadLetters.Unreadable(read.message(), malformed));
            }
        }
        return unreadable;
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
        String why;
        try {
            return new Read(message, ended, reconciler.looksFor(ended.commandId()), Optional.empty());
        } catch (GantryException e) {
            why = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            defects.tell(List.of(message.id()), e);
            why = "a defect in Gantry: " + e;
        }
        journal.log(EventType.COMMAND_NOT_READ, Map.of("command", ended.commandId(), "error", why));
        Decision again = new Wait(Reason.RETRYABLE, Optional.of(DecisionTable.AGENT_LOOK), why);
        return new Read(message, ended, List.of(), Optional.of(again));
    }

    /** Decides what happens to the message, and hides it if it is kept; a defect concerns this message only. */
    private Fate settleAlone(Read read, Map<InstanceId, Decision> decisions) {
        try {
            return settle(read, decisions);
        } catch (RuntimeException e) {
            defects.tell(List.of(read.message().id()), e);
            return Fate.KEPT;
        }
    }

    private Fate settle(Read read, Map<InstanceId, Decision> decisions) {
        if (read.signal() instanceof Signal.Nothing nothing) {
            journal.log(
                    EventType.MESSAGE_IGNORED, Map.of("message", read.message().id(), "why", nothing.why()));
            return Fate.DONE;
        }
        logIgnored(read, decisions);
        Optional<Duration> wait = decisions(read, decisions).stream()
                .flatMap(d -> revisit.after(read.signal(), d, read.message().receives()).stream())
                .min(Duration::compareTo);
        wait.ifPresent(time -> hide(read.message(), time));
        return wait.isPresent() ? Fate.KEPT : Fate.DONE;
    }

    /** Logs the instance for which a message had no use; a whole command's end would log too many. */
    private void logIgnored(Read read, Map<InstanceId, Decision> decisions) {
        if (read.signal() instanceof Signal.CommandEnded) {
            return;
        }
        for (Look look : read.looks()) {
            if (decisions.get(look.instance()) instanceof Ignore ignore) {
                journal.log(
                        EventType.MESSAGE_IGNORED,
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

    /** If this fails, the message is received again after the queue's own visibility timeout; the sweep looks earlier. */
    private void hide(Message message, Duration time) {
        try {
            messages.hide(message.receiptHandle(), time);
        } catch (GantryException e) {
            journal.log(
                    EventType.VISIBILITY_NOT_CHANGED,
                    Map.of("message", message.id(), "error", String.valueOf(e.getMessage())));
        }
    }

    private void logSummary(List<Read> read, Map<InstanceId, Decision> decisions, List<String> kept) {
        try {
            journal.log(
                    EventType.QUEUE_LOOKED,
                    Map.of("messages", read.size(), "kept", kept.size(), "decisions", Summary.of(decisions.values())));
        } catch (RuntimeException e) {
            // What happens to the messages is decided, and a log line must not change it.
            defects.tell(kept, e);
        }
    }
}
