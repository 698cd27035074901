package dev.gantry.aws.loopback;

import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.stored.Samples;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * A hand-written double of one S3 bucket: GET, HEAD, PUT with its conditions, ListObjectsV2 with pages of {@link #PAGE} keys,
 * start-after and LastModified, which is in whole seconds by a clock that stands still until the test moves it.
 * Answers that the test has queued for a method come first.
 */
public final class LoopbackS3 implements Function<Call, Response> {
    public static final String BUCKET = "gantry-sandbox";
    public static final int PAGE = 3;

    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, Map<String, String>> checksums = new ConcurrentSkipListMap<>();
    private final Map<String, Instant> written = new ConcurrentSkipListMap<>();
    private volatile Instant now = Samples.NOW;
    private final Queue<Function<Call, Optional<Response>>> faults = new ConcurrentLinkedQueue<>();

    public void put(String key, String text) {
        objects.put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An object with this SHA-256, in hexadecimal digits, as its checksum. */
    public void put(String key, String text, String sha256) {
        put(key, text);
        checksums.put(
                key,
                Map.of(
                        "x-amz-checksum-sha256",
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)),
                        "x-amz-checksum-type",
                        "FULL_OBJECT"));
    }

    /** The checksum headers that S3 answers for the object. */
    public void checksum(String key, Map<String, String> headers) {
        checksums.put(key, headers);
    }

    /** From now on objects are written at this time. */
    public void now(Instant time) {
        now = time;
    }

    public String text(String key) {
        return new String(objects.get(key), StandardCharsets.UTF_8);
    }

    public void remove(String key) {
        objects.remove(key);
    }

    /** The next request gets this answer first; without an answer, the request is handled as usual. */
    public void nextRequestGets(Function<Call, Optional<Response>> fault) {
        faults.add(fault);
    }

    public void nextAnswers(Response answer) {
        nextRequestGets(call -> Optional.of(answer));
    }

    @Override
    public Response apply(Call call) {
        Function<Call, Optional<Response>> fault = faults.poll();
        Optional<Response> answer = fault == null ? Optional.empty() : fault.apply(call);
        return answer.orElseGet(() -> serve(call));
    }

    /** What S3 would do without faults. */
    public Response serve(Call call) {
        String path = URLDecoder.decode(call.path().replace("+", "%2B"), StandardCharsets.UTF_8);
        if (!path.startsWith("/" + BUCKET)) {
            return Response.s3Error(404, "NoSuchBucket");
        }
        String key = path.substring(Math.min(path.length(), BUCKET.length() + 2));
        return switch (call.method()) {
            case "GET" -> key.isEmpty() ? list(call) : read(key, Map.of());
            case "HEAD" -> read(
                    key,
                    "ENABLED".equals(call.headers().get("x-amz-checksum-mode"))
                            ? checksums.getOrDefault(key, Map.of())
                            : Map.of());
            case "PUT" -> write(key, call);
            default -> Response.s3Error(405, "MethodNotAllowed");
        };
    }

    private Response read(String key, Map<String, String> more) {
        byte[] bytes = objects.get(key);
        if (bytes == null) {
            return Response.s3Error(404, "NoSuchKey");
        }
        Map<String, String> headers = new HashMap<>(more);
        headers.put("ETag", etag(bytes));
        headers.put("Content-Type", "application/json");
        return new Response(200, headers, bytes);
    }

    private synchronized Response write(String key, Call call) {
        byte[] stored = objects.get(key);
        String match = call.headers().get("if-match");
        if (match != null && stored == null) {
            return Response.s3Error(404, "NoSuchKey");
        } else if (match != null && !match.equals(etag(stored))) {
            return Response.s3Error(412, "PreconditionFailed");
        } else if ("*".equals(call.headers().get("if-none-match")) && stored != null) {
            return Response.s3Error(412, "PreconditionFailed");
        }
        byte[] bytes = payload(call);
        objects.put(key, bytes);
        written.put(key, now.truncatedTo(ChronoUnit.SECONDS));
        return new Response(200, Map.of("ETag", etag(bytes)), new byte[0]);
    }

    private Response list(Call call) {
        String prefix = call.query().getOrDefault("prefix", "");
        String start = call.query().getOrDefault("start-after", "");
        String after = call.query().getOrDefault("continuation-token", start);
        StringBuilder contents = new StringBuilder();
        String last = "";
        int count = 0;
        boolean truncated = false;
        for (String key : objects.keySet()) {
            if (key.startsWith(prefix) && key.compareTo(after) > 0) {
                if (count == PAGE) {
                    truncated = true;
                    break;
                }
                contents.append("<Contents><Key>")
                        .append(key)
                        .append("</Key><LastModified>")
                        .append(written.getOrDefault(key, Samples.NOW))
                        .append("</LastModified></Contents>");
                last = key;
                count++;
            }
        }
        return Response.of(
                200,
                "<ListBucketResult><IsTruncated>" + truncated + "</IsTruncated>"
                        + (truncated ? "<NextContinuationToken>" + last + "</NextContinuationToken>" : "") + contents
                        + "</ListBucketResult>");
    }

    /** The SDK sends its checksum as a trailer, so the body comes in chunks: size in hex, CRLF, bytes, CRLF. */
    private static byte[] payload(Call call) {
        if (!call.headers().getOrDefault("content-encoding", "").contains("aws-chunked")) {
            return call.bytes();
        }
        byte[] body = call.bytes();
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (true) {
            int line = at;
            while (body[line] != '\r') {
                line++;
            }
            String head = new String(body, at, line - at, StandardCharsets.ISO_8859_1);
            int size = Integer.parseInt(head.split(";", 2)[0], 16);
            if (size == 0) {
                return out.toString().getBytes(StandardCharsets.ISO_8859_1);
            }
            byte[] chunk = Arrays.copyOfRange(body, line + 2, line + 2 + size);
            out.append(new String(chunk, StandardCharsets.ISO_8859_1));
            at = line + 2 + size + 2;
        }
    }

    public static String etag(byte[] bytes) {
        try {
            return '"'
                    + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes))
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
