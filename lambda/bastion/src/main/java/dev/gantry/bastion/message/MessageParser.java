package dev.gantry.bastion.message;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.BastionMessages;
import dev.gantry.stored.Fields;
import dev.gantry.stored.Json;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the messages of the queue {@code gantry-bastion}. A sample of each is in {@code src/test/resources/messages}.
 *
 * <p>A field that is missing, malformed or inconsistent with another field is {@link Unreadable}, with the field's name.
 */
public final class MessageParser {
    /** As the names of a Command document's parameters (SSM schema 2.2). */
    private static final Pattern OPTION = Pattern.compile("[A-Z][A-Za-z0-9]{0,63}");

    /** What the program on the instance uses for itself. */
    private static final Set<String> NO_OPTIONS = Set.of("Source", "Instance", "End");

    private static final int LONGEST_VALUE = 8192;

    /** In bytes; the program on the instance reads 64 KiB, the source's line included. */
    private static final int LONGEST_OPTIONS = 60 * 1024;

    private MessageParser() {}

    /** Reads one message; what is wrong with it is {@link Unreadable}, naming the field. */
    public static Message parse(String body) {
        Fields object = Json.message(body.getBytes(StandardCharsets.UTF_8)).needFormat(BastionMessages.FORMAT);
        Question ask = ask(object);
        FleetName fleet = object.value("fleet", FleetName::new);
        RunId run = object.value("run", RunId::new);
        Optional<StartRequest> start = Optional.empty();
        if (ask == Question.START) {
            start = Optional.of(start(object, fleet, run));
        } else if (object.has("options") || object.has("bundle")) {
            throw new Unreadable("options and bundle go with ask=start only");
        }
        return new Message(ask, fleet, object.value("instance", InstanceId::new), run, object.time("at"), start);
    }

    private static Question ask(Fields object) {
        String word = object.text("ask");
        return BastionMessages.question(word)
                .orElseThrow(() ->
                        object.broken("ask", "must be start, status or cancel, not '" + Text.clip(word, 40) + "'"));
    }

    private static StartRequest start(Fields object, FleetName fleet, RunId run) {
        Fields fields = object.object("options");
        Map<String, String> options = fields.texts();
        options.forEach((name, value) -> check(fields, name, value));
        same(fields, "RunId", run.value(), "run");
        BundleId bundle = fields.value("BundleSha256", BundleId::new);
        String key = ObjectKeys.bundle(fleet, bundle);
        if (!object.text("bundle").equals(key)) {
            throw object.broken("bundle", "must be " + key + ", by the fleet and options.BundleSha256");
        }
        StartRequest start = new StartRequest(options, key);
        if (start.lines("", object.value("instance", InstanceId::new)).length > LONGEST_OPTIONS) {
            throw object.broken("options", "are longer than " + LONGEST_OPTIONS + " bytes together");
        }
        return start;
    }

    /** One option is one line: a line break in it would be a second option. */
    private static void check(Fields options, String name, String value) {
        if (!OPTION.matcher(name).matches() || NO_OPTIONS.contains(name)) {
            throw options.broken(name, "is not the name of an option");
        } else if (value.length() > LONGEST_VALUE) {
            throw options.broken(name, "is longer than " + LONGEST_VALUE + " characters");
        } else if (value.chars().anyMatch(Character::isISOControl)
                || value.indexOf('\u2028') >= 0
                || value.indexOf('\u2029') >= 0) {
            throw options.broken(name, "has a line break or another control character");
        }
    }

    private static void same(Fields options, String name, String expected, String other) {
        if (!options.text(name).equals(expected)) {
            throw options.broken(name, "must be the message's " + other);
        }
    }
}
