package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.s3.Blobs.Blob;
import dev.gantry.sandbox.wire.WireRequest;
import java.time.Instant;
import java.util.Map;

/**
 * One object.
 *
 * @param etag with its quotes
 * @param headers that the writer set and every reader gets: Content-Type, x-amz-meta-…
 * @param tags by key
 */
record StoredObject(
        String key, Blob blob, String etag, Instant modified, Map<String, String> headers, Map<String, String> tags) {
    /** The writer's tags, in a header that has the form of a query string (API_PutObject, x-amz-tagging). */
    static Map<String, String> tags(WireRequest request) {
        return request.header("x-amz-tagging").map(WireRequest::form).orElse(Map.of());
    }

    StoredObject tagged(Map<String, String> other) {
        return new StoredObject(key, blob, etag, modified, headers, other);
    }
}
