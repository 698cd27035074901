package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.s3.Blobs.Blob;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.WireRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * An object's encryption at rest, as its writer chose it and every reader sees it: S3's own keys, or a KMS key, whose name is
 * kept; nothing is encrypted here, and no KMS is called. Source: S3 API reference, PutObject.
 *
 * @param key of KMS; empty for S3's own
 */
record Encryption(Optional<String> key) {
    static final String METHOD = "x-amz-server-side-encryption";
    static final String OF_S3 = "AES256";
    private static final String KMS = "aws:kms";
    private static final String KEY = "x-amz-server-side-encryption-aws-kms-key-id";
    private static final String KEY_ARN = "arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9/_-]+";
    private static final String KEY_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    /** What encrypts where no key is named. */
    private static final String DEFAULT_KEY = "arn:aws:kms:eu-central-1:111122223333:alias/aws/s3";

    static Encryption of(WireRequest request) {
        Optional<String> method = request.header(METHOD);
        Optional<String> key = request.header(KEY);
        if (method.filter(KMS::equals).isPresent()) {
            return new Encryption(Optional.of(checked(key.orElse(DEFAULT_KEY))));
        }
        if (method.filter(other -> !other.equals(OF_S3)).isPresent()) {
            throw AwsError.badRequest("InvalidArgument", "The encryption method specified is not supported");
        }
        if (key.isPresent()) {
            throw AwsError.badRequest(
                    "InvalidArgument",
                    "Server Side Encryption with AWS KMS managed key requires HTTP header"
                            + " x-amz-server-side-encryption : aws:kms");
        }
        return new Encryption(Optional.empty());
    }

    private static String checked(String key) {
        if (!key.matches(KEY_ARN) && !key.matches(KEY_ID)) {
            throw AwsError.badRequest("KMS.NotFoundException", "Invalid keyId '" + key + "'");
        }
        return key;
    }

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(METHOD, key.isPresent() ? KMS : OF_S3);
        key.ifPresent(name -> headers.put(KEY, name));
        return headers;
    }

    static Map<String, String> without(Map<String, String> headers) {
        Map<String, String> rest = new LinkedHashMap<>(headers);
        rest.keySet().removeIf(name -> name.startsWith(METHOD));
        return rest;
    }

    /** With its quotes. Under a key of KMS it is not the bytes' MD5: S3 API reference, "Object", ETag. */
    String etag(Blob blob) {
        return "\"" + (key.isEmpty() ? blob.md5() : UUID.randomUUID().toString().replace("-", "")) + "\"";
    }
}
