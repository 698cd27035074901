package dev.gantry.function;

import dev.gantry.function.signal.Signal;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.text.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Sends messages that cannot be read to the dead-letter queue, with the reason. They are paged together: one page for each kind,
 * sender and hour ({@link PageLimit}). Text from outside is clipped, and is in a field whose name says so.
 */
final class DeadLetters {
    private static final int FOREIGN = 200;
    private static final int SENDER = 60;
    private static final int NAMED = 10;

    private final Messages messages;
    private final Journal journal;
    private final PageLimit limit;
    private final Defects defects;

    DeadLetters(Messages messages, Journal journal, PageLimit limit, Defects defects) {
        this.messages = messages;
        this.journal = journal;
        this.limit = limit;
        this.defects = defects;
    }

    /** A message that cannot be read, with the reason. */
    record Unreadable(LaunchQueue.Message message, Signal.Malformed signal) {}

    /** Sends these to the dead-letter queue; the answer names the messages for which that failed. */
    List<String> bury(List<Unreadable> batch) {
        Map<List<String>, List<Unreadable>> alike = new LinkedHashMap<>();
        for (Unreadable read : batch) {
            alike.computeIfAbsent(List.of(read.signal().kind().name(), sender(read.message())), k -> new ArrayList<>())
                    .add(read);
        }
        List<String> kept = new ArrayList<>();
        alike.forEach((key, reads) -> kept.addAll(bury(key.get(0), key.get(1), reads)));
        return kept;
    }

    /** The sender, as AWS names it; the principal that assumes a role chooses its session name. */
    private static String sender(LaunchQueue.Message message) {
        return Text.clip(message.senderId().replaceAll("[^A-Za-z0-9+=,.@:_-]", "?"), SENDER);
    }

    private List<String> bury(String kind, String sender, List<Unreadable> reads) {
        List<String> kept = new ArrayList<>();
        String error = "";
        for (Unreadable read : reads) {
            try {
                messages.bury(read.message().body(), read.signal().why());
            } catch (RuntimeException e) {
                error = String.valueOf(e instanceof GantryException ? e.getMessage() : e);
                kept.add(read.message().id());
            }
        }
        try {
            tell(kind, sender, reads, error);
        } catch (RuntimeException e) {
            // The messages are handled already; a failed page is a separate defect.
            defects.tell(reads.stream().map(r -> r.message().id()).toList(), e);
        }
        return kept;
    }

    private void tell(String kind, String sender, List<Unreadable> reads, String error) {
        Unreadable first = reads.get(0);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("count", reads.size());
        fields.put("kind", kind);
        fields.put("sender", sender);
        fields.put(
                "messages",
                reads.stream().limit(NAMED).map(r -> r.message().id()).toList());
        fields.put("why", first.signal().why());
        fields.put("foreign_text", Text.clip(first.message().body(), FOREIGN));
        if (!error.isEmpty()) {
            fields.put("error", error);
        }
        String limited = error.isEmpty() ? kind : kind + " not buried";
        OptionalLong keptBack = limit.page(limited, sender, reads.size());
        if (keptBack.isEmpty()) {
            journal.log(EventType.MALFORMED, fields);
            return;
        }
        fields.put("not_paged_before", keptBack.getAsLong());
        journal.page(EventType.MALFORMED, sentence(kind, sender, reads.size(), keptBack.getAsLong(), error), fields);
    }

    /** In Gantry's own words: text from outside is in fields only. */
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
}
