package dev.gantry.stored;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.launch.stay.Failure;

/** A run's failure as it is stored in ledger objects and in the failures' own objects. */
public final class FailureJson {
    private FailureJson() {}

    public static ObjectNode write(Failure failure) {
        return writeTo(Json.object(), failure);
    }

    public static ObjectNode writeTo(ObjectNode json, Failure failure) {
        json.put("step", failure.step());
        failure.task().ifPresent(task -> json.put("task", task));
        return json.put("message", failure.message())
                .put("exitCode", failure.exitCode())
                .put("tail", failure.tail());
    }

    public static Failure read(Fields fields) {
        return new Failure(
                fields.text("step"),
                fields.optionalText("task"),
                fields.text("message"),
                fields.number("exitCode"),
                fields.text("tail"));
    }
}
