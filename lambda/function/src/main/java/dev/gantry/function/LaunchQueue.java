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
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.reconcile.Reconciler;
import dev.gantry.launch.text.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns a batch of messages into one look, and each look's decision into its message's fate. Whatever a message triggers, an
 * unexpected failure included, concerns this message alone.
 *
 * <p>Messages that cannot be read are paged together: one page for each kind, sender and hour ({@link PageLimit}). What a
 * stranger wrote is clipped, and stands in a field whose name says whose words it has.
 */
final class LaunchQueue {
    private static final int FOREIGN = 200;
    private static final int SENDER = 60;
    private static final int NAMED = 10;
    private static final int FRAMES = 12;

    private final Reconciler reconciler;
    private final Messages messages;
    private final Journal journal;
    private final Waiting waiting;
    private final PageLimit limit;
    private final SignalParser parser = new SignalParser();

    LaunchQueue(Reconciler reconciler, Messages messages, Journal journal, Waiting waiting, PageLimit limit) {
        this.reconciler = reconciler;
        this.messages = messages;
        this.journal = journal;
        this.waiting = waiting;
        this.limit = limit;
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
        List<String> kept = new ArrayList<>(dealtWith(read));
        List<Read> readable = read.stream()
                .filter(r -> !(r.signal() instanceof Signal.Malformed))
                .toList();
        Map<InstanceId, Decision> decisions = reconciler.look(
                readable.stream().flatMap(r -> r.looks().stream()).toList(), until);
        for (Read one : readable) {
            if (isKept(one, decisions)) {
                kept.add(one.message().id());
            }
        }
        logSummary(read, decisions, kept);
        return kept;
    }

    /** Buries what cannot be read and tells somebody; answers with the messages that could not be buried. */
    private List<String> dealtWith(List<Read> batch) {
        Map<List<String>, List<Read>> alike = new LinkedHashMap<>();
        for (Read read : batch) {
            if (read.signal() instanceof Signal.Malformed malformed) {
                alike.computeIfAbsent(List.of(malformed.kind().name(), sender(read.message())), k -> new ArrayList<>())
                        .add(read);
            }
        }
        List<String> kept = new ArrayList<>();
        alike.forEach((key, reads) -> kept.addAll(buried(key.get(0), key.get(1), reads)));
        return kept;
    }

    /** Who sent it, as AWS says; a role's session name is chosen by whoever assumed the role. */
    private static String sender(Message message) {
        return Text.clip(message.senderId().replaceAll("[^A-Za-z0-9+=,.@:_-]", "?"), SENDER);
    }

    private List<String> buried(String kind, String sender, List<Read> reads) {
        List<String> kept = new ArrayList<>();
        String error = "";
        for (Read read : reads) {
            try {
                messages.bury(read.message().body(), ((Signal.Malformed) read.signal()).why());
            } catch (RuntimeException e) {
                error = String.valueOf(e instanceof GantryException ? e.getMessage() : e);
                kept.add(read.message().id());
            }
        }
        tell(kind, sender, reads, error);
        return kept;
    }

    private void tell(String kind, String sender, List<Read> reads, String error) {
        Read first = reads.get(0);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("count", reads.size());
        fields.put("kind", kind);
        fields.put("sender", sender);
        fields.put(
                "messages",
                reads.stream().limit(NAMED).map(r -> r.message().id()).toList());
        fields.put("why", ((Signal.Malformed) first.signal()).why());
        fields.put("foreign_text", Text.clip(first.message().body(), FOREIGN));
        if (!error.isEmpty()) {
            fields.put("error", error);
        }
        String limited = error.isEmpty() ? kind : kind + " not buried";
        OptionalLong keptBack = limit.page(limited, sender, reads.size());
        if (keptBack.isEmpty()) {
            journal.log("malformed", fields);
            return;
        }
        fields.put("not_paged_before", keptBack.getAsLong());
        journal.page("malformed", sentence(kind, sender, reads.size(), keptBack.getAsLong(), error), fields);
    }

    /** In Gantry's words alone: what strangers wrote stands in fields. */
    private static String sentence(String kind, String sender, int count, long keptBack, String error) {
        return count + " message(s) of the launch queue from " + (sender.isEmpty() ? "an unknown sender" : sender)
                + " cannot be read (" + kind + ")"
                + (keptBack == 0 ? "" : ", and " + keptBack + " more since the last page")
                + (error.isEmpty()
                        ? "; they are in the dead-letter queue with the reason"
                        : "; not all could be put into the dead-letter queue: " + error)
                + ". The next page about this kind and sender comes in an hour at the earliest. foreign_text has the"
                + " beginning of one, which is not Gantry's";
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
            defect(message, e);
            why = "a defect in Gantry: " + e;
        }
        journal.log("command_not_read", Map.of("command", ended.commandId(), "error", why));
        Decision again = new Wait(Reason.RETRYABLE, Optional.of(DecisionTable.AGENT_LOOK), why);
        return new Read(message, ended, List.of(), Optional.of(again));
    }

    private boolean isKept(Read read, Map<InstanceId, Decision> decisions) {
        try {
            return waits(read, decisions);
        } catch (RuntimeException e) {
            defect(read.message(), e);
            return true;
        }
    }

    private boolean waits(Read read, Map<InstanceId, Decision> decisions) {
        if (read.signal() instanceof Signal.Nothing nothing) {
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

    /** The message is kept; in the end the queue's redrive policy moves it away. */
    private void defect(Message message, RuntimeException error) {
        Map<String, Object> fields = Map.of(
                "message", message.id(),
                "trace",
                        Arrays.stream(error.getStackTrace())
                                .limit(FRAMES)
                                .map(StackTraceElement::toString)
                                .toList());
        if (limit.page("defect", String.valueOf(error.getClass()), 1).isPresent()) {
            journal.page("defect", "a defect in Gantry keeps it from a message, which comes back: " + error, fields);
        } else {
            journal.log("defect", fields);
        }
    }

    private void logSummary(List<Read> read, Map<InstanceId, Decision> decisions, List<String> kept) {
        journal.log(
                "queue_looked",
                Map.of("messages", read.size(), "kept", kept.size(), "decisions", Summary.of(decisions.values())));
    }
}
