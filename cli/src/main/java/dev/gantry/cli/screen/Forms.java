package dev.gantry.cli.screen;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.stay.Failure;
import dev.gantry.operator.Explanation;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.Span;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The same answers for programs: one JSON object a line. {@code form} names what it is and its version; a version only gains
 * fields. docs/operations/command.md has them.
 */
public final class Forms {
    private Forms() {}

    public static String explanation(Explanation told) {
        ObjectNode json =
                form("gantry.explain/1").put("instance", told.instance().value());
        text(json, "fleet", told.fleet().map(FleetName::value));
        text(json, "state", told.state());
        json.put("at", told.now().toString());
        json.put("mood", word(told.standing().mood()));
        json.put("standing", told.standing().headline());
        text(json, "decision", told.standing().decision());
        json.put("why", told.standing().why());
        told.deadline().ifPresent(deadline -> json.set("deadline", deadline(deadline)));
        ArrayNode story = json.putArray("story");
        told.story().forEach(moment -> {
            ObjectNode entry = story.addObject();
            text(entry, "at", moment.at().map(Instant::toString));
            entry.put("what", moment.what()).put("detail", moment.detail()).put("mood", word(moment.mood()));
        });
        told.failure().ifPresent(failure -> json.set("failure", failure(failure)));
        ArrayNode evidence = json.putArray("evidence");
        told.evidence()
                .forEach(exhibit ->
                        evidence.addObject().put("label", exhibit.label()).put("text", exhibit.text()));
        ArrayNode next = json.putArray("next");
        told.next().forEach(step -> text(next.addObject().put("words", step.words()), "command", step.command()));
        texts(json, "unread", told.unread());
        return json.toString();
    }

    public static String launches(List<LaunchLine> launches, List<String> notes, Instant now) {
        ObjectNode json = form("gantry.launches/1").put("at", now.toString());
        ArrayNode entries = json.putArray("launches");
        launches.forEach(line -> {
            ObjectNode entry = entries.addObject()
                    .put("fleet", line.fleet().value())
                    .put("instance", line.instance().value());
            text(entry, "gate", line.gate());
            entry.put("step", line.step()).put("mood", word(line.mood()));
            text(entry, "since", line.since().map(Instant::toString));
            line.deadline().ifPresent(deadline -> entry.set("deadline", deadline(deadline)));
            text(entry, "endedAt", line.endedAt().map(Instant::toString));
            entry.put("words", line.words());
            spans(entry, line.spans());
        });
        texts(json, "notes", notes);
        return json.toString();
    }

    public static String fleets(List<FleetLine> fleets, Instant now) {
        ObjectNode json = form("gantry.fleets/1").put("at", now.toString());
        ArrayNode entries = json.putArray("fleets");
        fleets.forEach(line -> {
            ObjectNode entry =
                    entries.addObject().put("fleet", line.fleet().value()).put("mode", line.mode());
            text(entry, "current", line.current());
            text(entry, "lastGood", line.lastGood());
            entry.put("quarantined", line.quarantined()).put("breaker", line.breaker());
            line.launching().ifPresent(runs -> entry.put("launching", runs));
            entry.put("waiting", line.waiting()).put("inService", line.inService());
            line.counts().abandonedToday().ifPresent(count -> entry.put("abandonedToday", count));
            line.oldest().ifPresent(deadline -> entry.set("oldest", deadline(deadline)));
            texts(entry, "troubles", line.troubles());
        });
        return json.toString();
    }

    /** What a search of the console found. */
    public static String search(String words, List<FleetName> fleets, List<LaunchLine> launches, List<String> notes) {
        ObjectNode json = form("gantry.search/1").put("words", words);
        texts(json, "fleets", fleets.stream().map(FleetName::value).toList());
        ArrayNode entries = json.putArray("launches");
        launches.forEach(line -> entries.addObject()
                .put("fleet", line.fleet().value())
                .put("instance", line.instance().value())
                .put("step", line.step())
                .put("mood", word(line.mood())));
        texts(json, "notes", notes);
        return json.toString();
    }

    private static void spans(ObjectNode json, List<Span> spans) {
        ArrayNode entries = json.putArray("spans");
        spans.forEach(span -> {
            ObjectNode entry = entries.addObject()
                    .put("kind", span.kind().name().toLowerCase(Locale.ROOT))
                    .put("from", span.from().toString());
            text(entry, "to", span.to().map(Instant::toString));
            entry.put("words", span.words()).put("mood", word(span.mood()));
        });
    }

    /** The beginning of every form. */
    static ObjectNode form(String name) {
        return JsonNodeFactory.instance.objectNode().put("form", name);
    }

    static void texts(ObjectNode json, String field, List<String> texts) {
        ArrayNode array = json.putArray(field);
        texts.forEach(array::add);
    }

    static void text(ObjectNode json, String field, Optional<String> text) {
        text.ifPresent(value -> json.put(field, value));
    }

    private static ObjectNode deadline(Deadline deadline) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("openedAt", deadline.openedAt().toString())
                .put("at", deadline.at().toString());
    }

    private static ObjectNode failure(Failure failure) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("step", failure.step());
        text(json, "task", failure.task());
        return json.put("message", failure.message())
                .put("exitCode", failure.exitCode())
                .put("tail", failure.tail());
    }

    private static String word(Explanation.Mood mood) {
        return mood.name().toLowerCase(Locale.ROOT);
    }
}
