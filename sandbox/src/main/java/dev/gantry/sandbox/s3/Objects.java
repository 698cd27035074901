package dev.gantry.sandbox.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gantry.sandbox.s3.Blobs.Blob;
import dev.gantry.sandbox.s3.S3.Target;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;
import dev.gantry.sandbox.wire.Xml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.w3c.dom.Element;

/** The operations on objects. */
final class Objects {
    private static final int MOST_DELETED_AT_ONCE = 1000;
    private static final int LONGEST_KEY = 1024;
    private static final int MOST_METADATA = 2048;
    private static final Set<String> KEPT_HEADERS = Set.of(
            "content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires");

    private final Buckets buckets;
    private final Blobs blobs;
    private final Timers timers;
    private final Upload upload;

    Objects(Buckets buckets, Blobs blobs, Timers timers) {
        this.buckets = buckets;
        this.blobs = blobs;
        this.timers = timers;
        this.upload = new Upload(blobs);
    }

    WireResponse put(Target target, WireRequest request) {
        Bucket bucket = buckets.get(target.bucket());
        Encryption encryption = Encryption.of(request);
        Map<String, String> headers = kept(target.key(), request);
        headers.putAll(encryption.headers());
        long begun = bucket.begin();
        Blob blob = upload.receive(request);
        StoredObject object =
                new StoredObject(target.key(), blob, encryption.etag(blob), now(), headers, StoredObject.tags(request));
        commit(bucket, object, Conditions.of(request), begun);
        Map<String, String> answer = new LinkedHashMap<>(encryption.headers());
        answer.put("ETag", object.etag());
        return WireResponse.empty(200, answer)
                .with("x-amz-checksum-type", "FULL_OBJECT")
                .with(checksum(blob).header(), blob.checksums().get(checksum(blob)));
    }

    private void commit(Bucket bucket, StoredObject object, Conditions conditions, long begun) {
        try {
            bucket.put(object, conditions, begun).map(StoredObject::blob).ifPresent(blobs::delete);
        } catch (AwsError refused) {
            blobs.delete(object.blob());
            throw refused;
        }
    }

    private static Checksum checksum(Blob blob) {
        return blob.checksums().keySet().iterator().next();
    }

    WireResponse copy(Target target, WireRequest request, PolicyRequest asked) {
        Bucket bucket = buckets.get(target.bucket());
        Target from = Target.of(request.header("x-amz-copy-source").orElse(""));
        buckets.authorise(from.bucket(), asked.to("s3:GetObject", from));
        StoredObject source = find(from);
        boolean replaces = request.header("x-amz-metadata-directive")
                .filter("REPLACE"::equals)
                .isPresent();
        Encryption encryption = Encryption.of(request);
        Map<String, String> headers =
                new LinkedHashMap<>(replaces ? kept(target.key(), request) : Encryption.without(source.headers()));
        headers.putAll(encryption.headers());
        long begun = bucket.begin();
        Blob blob;
        try (var in = blobs.open(source.blob(), 0)) {
            blob = blobs.store(in, source.blob().checksums().keySet());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + from, e);
        }
        StoredObject object =
                new StoredObject(target.key(), blob, encryption.etag(blob), now(), headers, source.tags());
        commit(bucket, object, Conditions.of(request), begun);
        return S3Xml.answer(
                "CopyObjectResult",
                Xml.element("ETag", object.etag())
                        + Xml.element("LastModified", object.modified().toString()));
    }

    static Map<String, String> kept(String key, WireRequest request) {
        if (key.getBytes(UTF_8).length > LONGEST_KEY) {
            throw AwsError.badRequest("KeyTooLongError", "Your key is too long");
        }
        Map<String, String> kept = new LinkedHashMap<>();
        int metadata = 0;
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            boolean own = header.getKey().startsWith("x-amz-meta-");
            if (own || KEPT_HEADERS.contains(header.getKey())) {
                kept.put(header.getKey(), header.getValue());
            }
            metadata += own
                    ? header.getKey().length()
                            - "x-amz-meta-".length()
                            + header.getValue().length()
                    : 0;
        }
        if (metadata > MOST_METADATA) {
            throw AwsError.badRequest(
                    "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
        }
        // The transfer encoding is not a property of the object.
        kept.computeIfPresent(
                "content-encoding", (name, value) -> withoutAwsChunked(value).orElse(null));
        kept.putIfAbsent("content-type", "binary/octet-stream");
        return kept;
    }

    private static Optional<String> withoutAwsChunked(String encoding) {
        String rest = encoding.replaceAll("aws-chunked,?\\s*", "").replaceAll(",\\s*$", "");
        return rest.isBlank() ? Optional.empty() : Optional.of(rest);
    }

    /** GetObject, and HeadObject: the answer to HEAD has the headers only. */
    WireResponse get(Target target, WireRequest request) {
        StoredObject object = find(target);
        if (Conditions.of(request).notModified(object)) {
            return WireResponse.empty(304, Map.of("ETag", object.etag()));
        }
        long length = object.blob().length();
        Optional<Range> range = request.header("range").flatMap(text -> Range.parse(text, length));
        Map<String, String> headers = headers(object);
        range.ifPresent(part -> headers.put("Content-Range", part.contentRange(length)));
        boolean wantsChecksum = request.header("x-amz-checksum-mode")
                .filter("ENABLED"::equalsIgnoreCase)
                .isPresent();
        if (wantsChecksum && range.isEmpty()) {
            object.blob().checksums().forEach((checksum, value) -> {
                headers.put(checksum.header(), value);
                headers.put("x-amz-checksum-type", Checksum.type(value));
            });
        }
        long sent = range.map(Range::length).orElse(length);
        int status = range.isPresent() ? 206 : 200;
        if (request.method().equals("HEAD")) {
            headers.put("Content-Length", String.valueOf(sent));
            return WireResponse.empty(status, headers);
        }
        try {
            return WireResponse.stream(
                    status,
                    headers,
                    new Limited(blobs.open(object.blob(), range.map(Range::from).orElse(0L)), sent),
                    sent);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + target, e);
        }
    }

    private static Map<String, String> headers(StoredObject object) {
        Map<String, String> headers = new LinkedHashMap<>(object.headers());
        headers.put("ETag", object.etag());
        headers.put(
                "Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(object.modified().atOffset(ZoneOffset.UTC)));
        headers.put("Accept-Ranges", "bytes");
        headers.putIfAbsent(Encryption.METHOD, Encryption.OF_S3);
        return headers;
    }

    private StoredObject find(Target target) {
        return buckets.get(target.bucket())
                .find(target.key())
                .orElseThrow(() -> new AwsError(404, "NoSuchKey", "The specified key does not exist: " + target.key()));
    }

    WireResponse delete(Target target, WireRequest request) {
        buckets.get(target.bucket())
                .delete(target.key(), Conditions.of(request))
                .map(StoredObject::blob)
                .ifPresent(blobs::delete);
        return WireResponse.empty(204, Map.of());
    }

    WireResponse tags(Target target) {
        StringBuilder set = new StringBuilder();
        find(target).tags().forEach((key, value) -> set.append("<Tag>")
                .append(Xml.element("Key", key))
                .append(Xml.element("Value", value))
                .append("</Tag>"));
        return S3Xml.answer("Tagging", "<TagSet>" + set + "</TagSet>");
    }

    WireResponse tag(Target target, Map<String, String> tags) {
        buckets.get(target.bucket()).replace(find(target).tagged(tags));
        return WireResponse.empty(200, Map.of());
    }

    /** All tags at once (API_PutObjectTagging). */
    static Map<String, String> tagSet(WireRequest request) {
        Map<String, String> tags = new LinkedHashMap<>();
        S3Xml.all(S3Xml.parse(request.text()), "Tag")
                .forEach(tag -> tags.put(S3Xml.text(tag, "Key"), S3Xml.text(tag, "Value")));
        return tags;
    }

    /** Each key is authorised separately: a key that a policy denies stays, and is reported with the others. */
    WireResponse deleteMany(String name, WireRequest request, PolicyRequest asked) {
        Bucket bucket = buckets.get(name);
        Element root = S3Xml.parse(request.text());
        List<Element> wanted = S3Xml.all(root, "Object");
        if (wanted.isEmpty() || wanted.size() > MOST_DELETED_AT_ONCE) {
            throw AwsError.badRequest(
                    "MalformedXML",
                    "The XML you provided was not well-formed or did not validate against our published schema");
        }
        boolean quiet = S3Xml.text(root, "Quiet").equals("true");
        StringBuilder content = new StringBuilder();
        for (Element object : wanted) {
            String key = S3Xml.text(object, "Key");
            try {
                buckets.authorise(name, asked.to("s3:DeleteObject", new Target(name, key)));
            } catch (AwsError denied) {
                content.append("<Error>")
                        .append(Xml.element("Key", key))
                        .append(Xml.element("Code", denied.code()))
                        .append(Xml.element("Message", denied.getMessage()))
                        .append("</Error>");
                continue;
            }
            bucket.delete(key, new Conditions(Optional.empty(), Optional.empty()))
                    .map(StoredObject::blob)
                    .ifPresent(blobs::delete);
            if (!quiet) {
                content.append("<Deleted>").append(Xml.element("Key", key)).append("</Deleted>");
            }
        }
        return S3Xml.answer("DeleteResult", content.toString());
    }

    private Instant now() {
        return timers.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
