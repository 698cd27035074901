package dev.gantry.cli.account;

import dev.gantry.aws.AwsErrors;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.port.Result;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/** Calls whose failure is an answer, too. */
final class Calls {
    private Calls() {}

    /** The call's answer, or why there is none. */
    static <T> Result<T> tried(Supplier<T> call) {
        try {
            return new Result.Ok<>(call.get());
        } catch (GantryException e) {
            return new Result.Err<>(e);
        }
    }

    /** The same for a call of the SDK's. */
    static <T> T said(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw AwsErrors.classify(what, e);
        }
    }
}
