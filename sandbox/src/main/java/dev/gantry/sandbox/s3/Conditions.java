package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireRequest;
import java.util.Optional;

/**
 * What a request demands of the object that is there now. Source: S3 user guide, "Conditional requests": on writes 412
 * for a condition that does not hold, 404 for If-Match without an object, 409 where a deletion came in between.
 *
 * @param ifMatch an entity tag with quotes, or {@code *}
 */
record Conditions(Optional<String> ifMatch, Optional<String> ifNoneMatch) {

    static Conditions of(WireRequest request) {
        return new Conditions(request.header("if-match"), request.header("if-none-match"));
    }

    boolean any() {
        return ifMatch.isPresent() || ifNoneMatch.isPresent();
    }

    /** @throws AwsError where the write may not happen */
    void checkWrite(Optional<StoredObject> current, String key) {
        if (ifNoneMatch.filter(tag -> !tag.equals("*")).isPresent()) {
            throw new AwsError(501, "NotImplemented", "On writes, If-None-Match takes * only.");
        }
        if (ifNoneMatch.isPresent() && current.isPresent()) {
            throw failed();
        }
        if (ifMatch.isPresent()) {
            StoredObject object = current.orElseThrow(
                    () -> new AwsError(404, "NoSuchKey", "The specified key does not exist: " + key));
            if (!matches(ifMatch.get(), object)) {
                throw failed();
            }
        }
    }

    /** True where a read has to answer 304, because the client's copy is still good. */
    boolean notModified(StoredObject object) {
        if (ifMatch.filter(tag -> !matches(tag, object)).isPresent()) {
            throw failed();
        }
        return ifNoneMatch.filter(tag -> matches(tag, object)).isPresent();
    }

    private static boolean matches(String tag, StoredObject object) {
        String bare = tag.replace("\"", "");
        return bare.equals("*") || object.etag().replace("\"", "").equals(bare);
    }

    private static AwsError failed() {
        return new AwsError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    }
}
