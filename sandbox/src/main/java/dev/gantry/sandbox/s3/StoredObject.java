package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.s3.Blobs.Blob;
import java.time.Instant;
import java.util.Map;

/**
 * One object.
 *
 * @param etag with its quotes
 * @param headers that the writer set and every reader gets: Content-Type, x-amz-meta-…
 */
record StoredObject(String key, Blob blob, String etag, Instant modified, Map<String, String> headers) {}
