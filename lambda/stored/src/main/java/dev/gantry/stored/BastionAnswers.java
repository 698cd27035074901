package dev.gantry.stored;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.launch.text.Text;

/**
 * An answer as the bastion function writes it to {@code bastion/answers/<run>/<instance>.json}: the run's progress, with the
 * document's own result line if it has ended. A state that this version does not know means "look again later".
 */
public final class BastionAnswers {
    private static final int FORMAT = 1;
    private static final int DETAIL_LIMIT = 400;
    private static final String STEP = "bastion";

    private BastionAnswers() {}

    /**
     * Reads an answer.
     *
     * @param name the object's name, for errors
     * @throws GantryException.Misconfigured naming the object and the field that does not fit
     */
    public static Reply read(String name, byte[] bytes) {
        Fields fields = Json.fields(name, bytes);
        if (fields.number("format") != FORMAT) {
            throw fields.broken("format", "must be " + FORMAT + ": the two functions are of different versions");
        }
        return new Reply(
                fields.value("run", RunId::new),
                fields.value("instance", InstanceId::new),
                fields.time("askedAt"),
                said(fields));
    }

    private static Said said(Fields fields) {
        String state = fields.text("state");
        String detail = words(fields, "detail", "the answer has no details");
        return switch (state) {
            case "started", "running" -> new Said.UnderWay();
            case "busy" -> new Said.Busy(words(fields, "holder", detail));
            case "ended" -> new Said.Ended(verdict(fields));
            case "interrupted", "cancelled" -> new Said.Ended(new Verdict.Undelivered(state + ": " + detail));
            case "unknown" -> new Said.Unknown();
            case "misconfigured" -> new Said.Failed(Trouble.Kind.MISCONFIGURED, detail);
            case "retryable" -> new Said.Failed(Trouble.Kind.RETRYABLE, detail);
            default -> new Said.Failed(
                    Trouble.Kind.RETRYABLE,
                    "the answer is '" + Text.clip(state, DETAIL_LIMIT) + "', which this version does not know");
        };
    }

    private static String words(Fields fields, String field, String otherwise) {
        String text = Text.clip(fields.text(field, otherwise), DETAIL_LIMIT);
        return text.isBlank() ? otherwise : text;
    }

    private static Verdict verdict(Fields fields) {
        Fields result = fields.object("result");
        same(fields, result, "run");
        same(fields, result, "instance");
        if (result.flag("ok", false)) {
            return new Verdict.Succeeded();
        }
        String tail = fields.text("tail", "");
        return ResultLine.ofFailure(result.json(), tail)
                .map(line -> line.verdict(STEP, result.optionalNumber("exit").orElse(-1), tail))
                .orElseThrow(() -> result.broken("fault", "says neither whose fault it is nor that it went well"));
    }

    /** The result; a result of another run or of another instance does not count. */
    private static void same(Fields fields, Fields result, String field) {
        result.optionalText(field)
                .filter(value -> !value.equals(fields.text(field)))
                .ifPresent(other -> {
                    throw result.broken(
                            field, "must be " + fields.text(field) + ", not '" + Text.clip(other, DETAIL_LIMIT) + "'");
                });
    }
}
