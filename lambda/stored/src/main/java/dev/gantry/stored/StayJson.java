package dev.gantry.stored;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Channel;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Opening;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.stay.Verdict.Undelivered.Ender;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A stay as it is stored in {@code launches/<fleet>/<instance>.json}: fields in a fixed order, times as ISO-8601, empty values
 * left out. Unknown fields are ignored when read, so that an older function can read the records of a newer one.
 */
public final class StayJson {
    private static final Map<String, Gate> GATES = Map.of("warm", Gate.WARM, "service", Gate.SERVICE);
    private static final Map<String, Trouble.Kind> TROUBLES =
            Map.of("retryable", Trouble.Kind.RETRYABLE, "misconfigured", Trouble.Kind.MISCONFIGURED);
    private static final Map<String, Closing.Kind> CLOSINGS = Map.of(
            "provisioned", Closing.Kind.PROVISIONED,
            "observed", Closing.Kind.OBSERVED,
            "abandoned", Closing.Kind.ABANDONED,
            "elsewhere", Closing.Kind.ELSEWHERE);

    private static final Map<String, Cause> CAUSES = Map.of(
            "runFailed", Cause.RUN_FAILED,
            "launchDeadline", Cause.LAUNCH_DEADLINE,
            "bundleQuarantined", Cause.BUNDLE_QUARANTINED);

    private static final Map<String, Channel> CHANNELS = Map.of("ssm", Channel.SSM, "bastion", Channel.BASTION);

    private enum Ending {
        SUCCEEDED,
        FAILED,
        UNDELIVERED,
        REFUSED
    }

    private static final Map<String, Ending> ENDINGS = Map.of(
            "succeeded", Ending.SUCCEEDED,
            "failed", Ending.FAILED,
            "undelivered", Ending.UNDELIVERED,
            "refused", Ending.REFUSED);

    private static final Map<String, Ender> ENDERS = Map.of("surroundings", Ender.SURROUNDINGS);

    private StayJson() {}

    public static byte[] write(Stay stay) {
        ObjectNode json = Json.object().put("number", stay.number()).put("gate", word(GATES, stay.gate()));
        stay.token().ifPresent(token -> json.put("token", token));
        json.put("openedAt", stay.openedAt().toString());
        time(json, "heartbeatAt", stay.heartbeatAt());
        time(json, "earlierClosed", stay.earlierClosed());
        ArrayNode attempts = json.putArray("attempts");
        stay.attempts().forEach(attempt -> attempts.add(write(attempt)));
        stay.trouble().ifPresent(trouble -> json.set("trouble", write(trouble)));
        stay.silence().ifPresent(silence -> json.set("silence", write(silence)));
        intervention(json, stay.intervention());
        time(json, "interruptedAt", stay.interruptedAt());
        stay.closing().ifPresent(closing -> json.set("closing", write(closing)));
        return Json.bytes(json);
    }

    private static ObjectNode write(Attempt attempt) {
        ObjectNode json = Json.object()
                .put("number", attempt.number())
                .put("runId", attempt.runId().value())
                .put("owner", attempt.owner())
                .put("bundle", attempt.bundle().sha256())
                .put("channel", word(CHANNELS, attempt.channel()))
                .put("claimedAt", attempt.claimedAt().toString());
        attempt.commandId().ifPresent(id -> json.put("commandId", id));
        if (attempt.absence().looks() > 0) {
            ObjectNode absence =
                    json.putObject("absence").put("looks", attempt.absence().looks());
            time(absence, "first", attempt.absence().first());
            time(absence, "last", attempt.absence().last());
        }
        attempt.detour().ifPresent(detour -> json.set("fallback", write(detour)));
        attempt.end().ifPresent(end -> json.set("end", write(end)));
        return json;
    }

    private static ObjectNode write(Attempt.Detour detour) {
        return Json.object()
                .put("why", detour.why())
                .put("asks", detour.asks())
                .put("askedAt", detour.askedAt().toString());
    }

    private static ObjectNode write(Silence silence) {
        return Json.object()
                .put("looks", silence.looks())
                .put("since", silence.since().toString())
                .put("last", silence.last().toString());
    }

    private static void intervention(ObjectNode json, Intervention intervention) {
        intervention.hold().ifPresent(hold -> wish(json.putObject("hold"), hold.until(), hold.by(), hold.at()));
        intervention
                .retry()
                .ifPresent(retry ->
                        wish(json.putObject("retry").put("run", retry.run()), retry.until(), retry.by(), retry.at()));
    }

    private static void wish(ObjectNode json, Instant until, String by, Instant at) {
        json.put("until", until.toString()).put("by", by).put("at", at.toString());
    }

    private static ObjectNode write(Attempt.End end) {
        ObjectNode json = Json.object().put("at", end.at().toString());
        if (end.verdict() instanceof Verdict.RunFailed failed) {
            json.put("verdict", "failed").set("failure", FailureJson.write(failed.failure()));
        } else if (end.verdict() instanceof Verdict.Undelivered undelivered) {
            json.put("verdict", "undelivered").put("detail", undelivered.detail());
            if (undelivered.by() == Ender.SURROUNDINGS) {
                json.put("by", "surroundings");
            }
        } else if (end.verdict() instanceof Verdict.Refused refused) {
            json.put("verdict", "refused").put("detail", refused.detail());
        } else {
            json.put("verdict", "succeeded");
        }
        return json;
    }

    private static ObjectNode write(Trouble trouble) {
        return Json.object()
                .put("kind", word(TROUBLES, trouble.kind()))
                .put("message", trouble.message())
                .put("since", trouble.since().toString())
                .put("key", trouble.key());
    }

    private static ObjectNode write(Closing closing) {
        ObjectNode json = Json.object().put("kind", word(CLOSINGS, closing.kind()));
        closing.cause().ifPresent(cause -> json.put("cause", word(CAUSES, cause)));
        json.put("why", closing.why());
        closing.failure().ifPresent(failure -> json.set("failure", FailureJson.write(failure)));
        json.put("decidedAt", closing.decidedAt().toString());
        time(json, "doneAt", closing.doneAt());
        return json;
    }

    /**
     * Reads what {@link #write(Stay)} wrote.
     *
     * @param name the object's name, for errors
     * @throws dev.gantry.launch.error.GantryException.Misconfigured naming the object and the field that does not fit
     */
    public static Stay read(String name, byte[] bytes) {
        Fields fields = Json.fields(name, bytes);
        return new Stay(
                new Opening(
                        positive(fields, "number"),
                        fields.choice("gate", GATES),
                        fields.optionalText("token"),
                        fields.time("openedAt"),
                        fields.optionalTime("earlierClosed")),
                fields.optionalTime("heartbeatAt"),
                fields.objects("attempts").stream().map(StayJson::attempt).toList(),
                fields.optionalObject("trouble").map(StayJson::trouble),
                fields.optionalObject("silence").map(StayJson::silence),
                new Intervention(
                        fields.optionalObject("hold").map(StayJson::hold),
                        fields.optionalObject("retry").map(StayJson::retry)),
                fields.optionalTime("interruptedAt"),
                fields.optionalObject("closing").map(StayJson::closing));
    }

    private static Attempt attempt(Fields fields) {
        return new Attempt(
                positive(fields, "number"),
                fields.value("runId", RunId::new),
                fields.value("bundle", BundleId::new),
                new Attempt.Claim(fields.text("owner"), fields.time("claimedAt")),
                fields.optionalText("commandId"),
                fields.optionalObject("absence").map(StayJson::absence).orElse(Attempt.Absence.NONE),
                detour(fields),
                fields.optionalObject("end").map(StayJson::end));
    }

    /** Older records have no channel; they mean SSM. */
    private static Optional<Attempt.Detour> detour(Fields fields) {
        Channel channel = fields.optionalText("channel")
                .map(word -> fields.choice("channel", CHANNELS))
                .orElse(Channel.SSM);
        if (channel == Channel.SSM) {
            return Optional.empty();
        }
        Fields detour = fields.object("fallback");
        return Optional.of(new Attempt.Detour(detour.text("why"), positive(detour, "asks"), detour.time("askedAt")));
    }

    private static Silence silence(Fields fields) {
        return new Silence(positive(fields, "looks"), fields.time("since"), fields.time("last"));
    }

    private static Intervention.Hold hold(Fields fields) {
        return new Intervention.Hold(fields.time("until"), fields.text("by"), fields.time("at"));
    }

    private static Intervention.Retry retry(Fields fields) {
        return new Intervention.Retry(
                positive(fields, "run"), fields.time("until"), fields.text("by"), fields.time("at"));
    }

    /** A look-up without its times could never count as proof, so it is refused here. */
    private static Attempt.Absence absence(Fields fields) {
        return new Attempt.Absence(
                positive(fields, "looks"), Optional.of(fields.time("first")), Optional.of(fields.time("last")));
    }

    private static Attempt.End end(Fields fields) {
        Verdict verdict =
                switch (fields.choice("verdict", ENDINGS)) {
                    case SUCCEEDED -> new Verdict.Succeeded();
                    case FAILED -> new Verdict.RunFailed(FailureJson.read(fields.object("failure")));
                    case UNDELIVERED -> new Verdict.Undelivered(fields.text("detail"), ender(fields));
                    case REFUSED -> new Verdict.Refused(fields.text("detail"));
                };
        return new Attempt.End(fields.time("at"), verdict);
    }

    /** Older records name none; they mean the channel. */
    private static Ender ender(Fields fields) {
        return fields.optionalText("by").isPresent() ? fields.choice("by", ENDERS) : Ender.CHANNEL;
    }

    /** Records written before troubles had keys are named by their message. */
    private static Trouble trouble(Fields fields) {
        Trouble.Kind kind = fields.choice("kind", TROUBLES);
        String message = fields.text("message");
        return fields.optionalText("key")
                .map(key -> new Trouble(kind, message, fields.time("since"), key))
                .orElseGet(() -> new Trouble(kind, message, fields.time("since")));
    }

    /** Records written before causes were stored have none. */
    private static Closing closing(Fields fields) {
        Optional<Cause> cause = fields.optionalText("cause").map(word -> fields.choice("cause", CAUSES));
        Optional<Failure> failure = fields.optionalObject("failure").map(FailureJson::read);
        return new Closing(
                fields.choice("kind", CLOSINGS),
                cause,
                fields.text("why"),
                failure,
                fields.time("decidedAt"),
                fields.optionalTime("doneAt"));
    }

    private static int positive(Fields fields, String field) {
        int number = fields.number(field);
        if (number < 1) {
            throw fields.broken(field, "must be 1 or more, not " + number);
        }
        return number;
    }

    private static void time(ObjectNode json, String field, Optional<Instant> time) {
        time.ifPresent(at -> json.put(field, at.toString()));
    }

    /** A cause as it is written in the ledger. */
    public static String word(Cause cause) {
        return word(CAUSES, cause);
    }

    private static <T> String word(Map<String, T> words, T value) {
        return words.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
