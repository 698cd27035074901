package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;
import dev.gantry.sandbox.wire.Xml;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/** The account's buckets. Names: S3 user guide, "General purpose bucket naming rules". */
final class Buckets {
    private static final Pattern NAME = Pattern.compile("(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    private final String region;
    private final Timers timers;
    private final Map<String, Bucket> buckets = new ConcurrentSkipListMap<>();

    Buckets(String region, Timers timers) {
        this.region = region;
        this.timers = timers;
    }

    Bucket get(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist: " + name);
        }
        return bucket;
    }

    void ensure(String name) {
        buckets.computeIfAbsent(name, missing -> new Bucket(missing, timers.instant()));
    }

    WireResponse create(String name, WireRequest request) {
        if (!NAME.matcher(name).matches()) {
            throw AwsError.badRequest("InvalidBucketName", "The specified bucket is not valid: " + name);
        }
        String body = request.text();
        String wanted = body.isBlank() ? "us-east-1" : S3Xml.text(S3Xml.parse(body), "LocationConstraint");
        if (!wanted.equals(region) && !(wanted.isEmpty() && region.equals("us-east-1"))) {
            throw AwsError.badRequest(
                    "IllegalLocationConstraintException",
                    "The " + (body.isBlank() ? "unspecified" : wanted)
                            + " location constraint is incompatible for the region specific endpoint this request was "
                            + "sent to.");
        }
        if (buckets.putIfAbsent(name, new Bucket(name, timers.instant())) != null) {
            throw new AwsError(
                    409,
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.");
        }
        return WireResponse.empty(200, Map.of("Location", "/" + name));
    }

    WireResponse head(String name) {
        get(name);
        return WireResponse.empty(200, Map.of("x-amz-bucket-region", region));
    }

    WireResponse location(String name) {
        get(name);
        return S3Xml.answer("LocationConstraint", region.equals("us-east-1") ? "" : Xml.escape(region));
    }

    /** The answer for a bucket that was never versioned, as all are here (API_GetBucketVersioning). */
    WireResponse versioning(String name) {
        get(name);
        return S3Xml.answer("VersioningConfiguration", "");
    }

    /** Each bucket's default since January 2023 (user guide, "Default encryption FAQ"). */
    WireResponse encryption(String name) {
        get(name);
        return S3Xml.answer(
                "ServerSideEncryptionConfiguration",
                "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
                        + "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>");
    }

    WireResponse delete(String name) {
        if (!get(name).isEmpty()) {
            throw new AwsError(409, "BucketNotEmpty", "The bucket you tried to delete is not empty: " + name);
        }
        buckets.remove(name);
        return WireResponse.empty(204, Map.of());
    }

    WireResponse putPolicy(String name, WireRequest request) {
        get(name).setPolicy(Optional.of(BucketPolicy.parse(request.text(), name)));
        return WireResponse.empty(204, Map.of());
    }

    WireResponse getPolicy(String name) {
        BucketPolicy policy = get(name)
                .policy()
                .orElseThrow(
                        () -> new AwsError(404, "NoSuchBucketPolicy", "The bucket policy does not exist: " + name));
        return WireResponse.text(200, "application/json", policy.text());
    }

    WireResponse deletePolicy(String name) {
        get(name).setPolicy(Optional.empty());
        return WireResponse.empty(204, Map.of());
    }

    /** Refuses what the policy of the request's bucket denies; a bucket that is missing denies nothing. */
    void authorise(String bucket, PolicyRequest request) {
        Optional.ofNullable(buckets.get(bucket)).flatMap(Bucket::policy).ifPresent(policy -> policy.check(request));
    }

    WireResponse list() {
        StringBuilder content = new StringBuilder("<Buckets>");
        buckets.values().forEach(bucket -> content.append("<Bucket>")
                .append(Xml.element("Name", bucket.name()))
                .append(Xml.element("CreationDate", bucket.created().toString()))
                .append("</Bucket>"));
        return S3Xml.answer(
                "ListAllMyBucketsResult", content.append("</Buckets>").toString());
    }
}
