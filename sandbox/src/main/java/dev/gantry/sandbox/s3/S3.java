package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AccessKeys;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Caller;
import dev.gantry.sandbox.wire.Protocol;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;
import dev.gantry.sandbox.wire.Xml;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Amazon S3, path style: buckets, objects, conditional writes, ranges, ListObjectsV2 and multipart uploads, each with S3's
 * own limits and errors, tags of objects, and the Deny statements of bucket policies. No versions, no ACLs, no policies of users and roles: what
 * is not here answers NotImplemented rather than pretending.
 */
public final class S3 implements Protocol {
    private static final String LIST = "s3:ListBucket";
    private static final String WRITE = "s3:PutObject";
    private static final Set<String> READ_ONLY = Set.of("location", "versioning", "encryption", "versions");
    private static final Set<String> PARAMETERS_OF_NO_SUBRESOURCE = Set.of(
            "x-id",
            "list-type",
            "prefix",
            "delimiter",
            "max-keys",
            "continuation-token",
            "start-after",
            "encoding-type",
            "fetch-owner",
            "partNumber",
            "uploadId",
            "uploads",
            "delete",
            "location",
            "policy",
            "versioning",
            "encryption",
            "versions",
            "key-marker",
            "version-id-marker",
            "versionId",
            "tagging");

    private final AccessKeys keys;
    private final Buckets buckets;
    private final Objects objects;
    private final Multiparts multiparts;

    /**
     * An account without buckets.
     *
     * @param directory for the bytes of objects; it must exist and be used by nothing else
     * @param keys say who a caller is, for the policies of buckets
     */
    public S3(String region, Path directory, Timers timers, AccessKeys keys) {
        this.keys = keys;
        Blobs blobs = new Blobs(directory);
        this.buckets = new Buckets(region, timers);
        this.objects = new Objects(buckets, blobs, timers);
        this.multiparts = new Multiparts(buckets, blobs, timers);
    }

    /** Makes a bucket without a client; one that exists stays as it is. */
    public void createBucket(String name) {
        buckets.ensure(name);
    }

    /** Puts an object without a client, in the place of one that is there; with a SHA-256 checksum, as gantry publish does. */
    public void put(String bucket, String key, byte[] content) {
        Checksum.Running sha256 = Checksum.SHA256.start();
        sha256.update(content, content.length);
        Map<String, String> headers =
                Map.of("content-length", Integer.toString(content.length), Checksum.SHA256.header(), sha256.value());
        WireRequest request =
                new WireRequest("PUT", "/" + bucket + "/" + key, headers, new ByteArrayInputStream(content));
        objects.put(new Target(bucket, key), request);
    }

    /** Removes an object without a client. */
    public void remove(String bucket, String key) {
        WireRequest request =
                new WireRequest("DELETE", "/" + bucket + "/" + key, Map.of(), InputStream.nullInputStream());
        objects.delete(new Target(bucket, key), request);
    }

    /** Puts a bucket's policy without a client. */
    public void putPolicy(String bucket, String policy) {
        buckets.get(bucket).setPolicy(Optional.of(BucketPolicy.parse(policy, bucket)));
    }

    /** What a request's path names. */
    record Target(String bucket, String key) {

        static Target of(String rawPath) {
            String path = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
            int slash = path.indexOf('/');
            String bucket = slash < 0 ? path : path.substring(0, slash);
            String key = slash < 0 ? "" : path.substring(slash + 1);
            return new Target(decode(bucket), decode(key));
        }

        private static String decode(String raw) {
            try {
                // In a path a plus is a plus.
                return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw AwsError.badRequest("InvalidURI", "Couldn't parse the specified URI.");
            }
        }
    }

    @Override
    public Call parse(WireRequest request, Caller caller, String requestId) {
        Target target = Target.of(request.rawPath());
        Operation operation = operation(request, target);
        return Protocol.call(operation.name(), () -> {
            String arn = keys.find(caller.accessKey()).map(Identity::arn).orElse("");
            PolicyRequest asked = PolicyRequest.of(operation.name(), operation.action(), target, request, arn);
            buckets.authorise(target.bucket(), asked);
            return operation
                    .effect()
                    .on(target, asked)
                    .with("x-amz-request-id", requestId)
                    .with("x-amz-id-2", requestId);
        });
    }

    /** What an operation does, once its action is authorised. */
    private interface Effect {
        WireResponse on(Target target, PolicyRequest asked);
    }

    /** @param action as IAM names it */
    private record Operation(String name, String action, Effect effect) {

        /** One whose action has its name. */
        Operation(String name, Function<Target, WireResponse> effect) {
            this(name, "s3:" + name, effect);
        }

        Operation(String name, String action, Function<Target, WireResponse> effect) {
            this(name, action, (target, asked) -> effect.apply(target));
        }
    }

    private Operation operation(WireRequest request, Target target) {
        Set<String> parameters = request.parameters().keySet();
        boolean changes = !request.method().equals("GET") && parameters.stream().anyMatch(READ_ONLY::contains);
        if (changes || !PARAMETERS_OF_NO_SUBRESOURCE.containsAll(plain(parameters))) {
            return unsupported(request);
        }
        if (target.bucket().isEmpty()) {
            return request.method().equals("GET")
                    ? new Operation("ListBuckets", "s3:ListAllMyBuckets", t -> buckets.list())
                    : unsupported(request);
        }
        // Without versions an object has the one that is called null.
        if (request.query("versionId").filter(id -> !id.equals("null")).isPresent()) {
            return unsupported(request);
        }
        if (parameters.contains("tagging")) {
            return target.key().isEmpty() ? unsupported(request) : onTags(request);
        }
        if (parameters.contains("policy")) {
            return target.key().isEmpty() ? onPolicy(request) : unsupported(request);
        }
        return target.key().isEmpty() ? onBucket(request, parameters) : onObject(request, parameters);
    }

    private static Set<String> plain(Set<String> parameters) {
        return parameters.stream().filter(name -> !name.startsWith("X-Amz-")).collect(Collectors.toSet());
    }

    private Operation onPolicy(WireRequest request) {
        return switch (request.method()) {
            case "PUT" -> new Operation("PutBucketPolicy", t -> buckets.putPolicy(t.bucket(), request));
            case "GET" -> new Operation("GetBucketPolicy", t -> buckets.getPolicy(t.bucket()));
            case "DELETE" -> new Operation("DeleteBucketPolicy", t -> buckets.deletePolicy(t.bucket()));
            default -> unsupported(request);
        };
    }

    private Operation onTags(WireRequest request) {
        return switch (request.method()) {
            case "PUT" -> new Operation("PutObjectTagging", t -> objects.tag(t, Objects.tagSet(request)));
            case "GET" -> new Operation("GetObjectTagging", t -> objects.tags(t));
            case "DELETE" -> new Operation("DeleteObjectTagging", t -> objects.tag(t, Map.of()));
            default -> unsupported(request);
        };
    }

    private Operation onBucket(WireRequest request, Set<String> parameters) {
        return switch (request.method()) {
            case "PUT" -> new Operation("CreateBucket", t -> buckets.create(t.bucket(), request));
            case "HEAD" -> new Operation("HeadBucket", LIST, t -> buckets.head(t.bucket()));
            case "DELETE" -> new Operation("DeleteBucket", t -> buckets.delete(t.bucket()));
            case "POST" -> parameters.contains("delete")
                    // Authorised key by key.
                    ? new Operation("DeleteObjects", "", (t, asked) -> objects.deleteMany(t.bucket(), request, asked))
                    : unsupported(request);
            case "GET" -> onListings(request, parameters);
            default -> unsupported(request);
        };
    }

    private Operation onListings(WireRequest request, Set<String> parameters) {
        if (parameters.contains("location")) {
            return new Operation("GetBucketLocation", t -> buckets.location(t.bucket()));
        }
        if (parameters.contains("versioning")) {
            return new Operation("GetBucketVersioning", t -> buckets.versioning(t.bucket()));
        }
        if (parameters.contains("encryption")) {
            return new Operation(
                    "GetBucketEncryption", "s3:GetEncryptionConfiguration", t -> buckets.encryption(t.bucket()));
        }
        if (parameters.contains("versions")) {
            return new Operation(
                    "ListObjectVersions",
                    "s3:ListBucketVersions",
                    t -> Listing.ofVersions(buckets.get(t.bucket()), request));
        }
        return request.query("list-type").filter("2"::equals).isPresent()
                ? new Operation("ListObjectsV2", LIST, t -> Listing.of(buckets.get(t.bucket()), request))
                : unsupported(request);
    }

    private Operation onObject(WireRequest request, Set<String> parameters) {
        boolean multipart = parameters.contains("uploadId");
        return switch (request.method()) {
            case "PUT" -> {
                if (multipart) {
                    yield new Operation("UploadPart", WRITE, t -> multiparts.add(t, request));
                }
                yield request.header("x-amz-copy-source").isPresent()
                        ? new Operation("CopyObject", WRITE, (t, asked) -> objects.copy(t, request, asked))
                        : new Operation("PutObject", t -> objects.put(t, request));
            }
            case "GET" -> multipart ? unsupported(request) : new Operation("GetObject", t -> objects.get(t, request));
            case "HEAD" -> new Operation("HeadObject", "s3:GetObject", t -> objects.get(t, request));
            case "DELETE" -> multipart
                    ? new Operation("AbortMultipartUpload", t -> multiparts.abort(t, request))
                    : new Operation("DeleteObject", t -> objects.delete(t, request));
            case "POST" -> {
                if (parameters.contains("uploads")) {
                    yield new Operation("CreateMultipartUpload", WRITE, t -> multiparts.create(t, request));
                }
                yield multipart
                        ? new Operation("CompleteMultipartUpload", WRITE, t -> multiparts.complete(t, request))
                        : unsupported(request);
            }
            default -> unsupported(request);
        };
    }

    private static Operation unsupported(WireRequest request) {
        return new Operation("Unsupported", "", target -> {
            throw new AwsError(
                    501,
                    "NotImplemented",
                    "The sandbox's S3 does not do " + request.method() + " with the parameters "
                            + request.parameters().keySet() + ".");
        });
    }

    @Override
    public WireResponse error(AwsError error, String requestId) {
        String xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>" + Xml.element("Code", error.code())
                + Xml.element("Message", error.getMessage()) + Xml.element("RequestId", requestId)
                + Xml.element("HostId", requestId) + "</Error>";
        WireResponse response = error.status() == 304
                ? WireResponse.empty(304, Map.of())
                : WireResponse.text(error.status(), "application/xml", xml);
        return response.with("x-amz-request-id", requestId)
                .with("x-amz-id-2", requestId)
                .failing(error.code());
    }
}
