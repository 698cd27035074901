package dev.gantry.sandbox.s3;

import dev.gantry.sandbox.s3.S3.Target;
import dev.gantry.sandbox.wire.WireRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One request as a policy sees it. Condition keys: service authorization reference, "Actions, resources, and condition keys
 * for Amazon S3".
 *
 * @param caller the caller's ARN as STS names it
 * @param action as IAM names it
 * @param resource the ARN of the bucket or of the object
 * @param context the condition keys that this request has, in lower case
 */
record PolicyRequest(String caller, String action, String resource, Map<String, String> context) {
    private static final Set<String> MAKE_OBJECTS = Set.of("PutObject", "CopyObject", "CompleteMultipartUpload");
    private static final Set<String> MAKE_NONE_YET = Set.of("CreateMultipartUpload", "UploadPart");

    /** The keys that a request can have here; a condition on any other cannot be judged. */
    static final Set<String> KEYS = Set.of(
            "aws:principalarn", "aws:securetransport", "s3:if-match", "s3:if-none-match", "s3:objectcreationoperation");

    /** @param caller the caller's ARN; empty if the access key belongs to no caller */
    static PolicyRequest of(String operation, String action, Target target, WireRequest request, String caller) {
        Map<String, String> context = new TreeMap<>();
        // The endpoint is on loopback without TLS, and stands for one with TLS.
        context.put("aws:securetransport", "true");
        principal(caller).ifPresent(arn -> context.put("aws:principalarn", arn));
        if (action.equals("s3:PutObject")) {
            request.header("if-match").ifPresent(tag -> context.put("s3:if-match", tag));
            request.header("if-none-match").ifPresent(tag -> context.put("s3:if-none-match", tag));
            if (MAKE_OBJECTS.contains(operation) || MAKE_NONE_YET.contains(operation)) {
                context.put("s3:objectcreationoperation", Boolean.toString(MAKE_OBJECTS.contains(operation)));
            }
        }
        return new PolicyRequest(caller, action, arn(target), context);
    }

    /** The same caller's right to another object: of a list to delete, or the source of a copy. */
    PolicyRequest to(String otherAction, Target target) {
        Map<String, String> same = new TreeMap<>(context);
        same.keySet().removeIf(key -> key.startsWith("s3:"));
        return new PolicyRequest(caller, otherAction, arn(target), same);
    }

    private static String arn(Target target) {
        return "arn:aws:s3:::" + target.bucket() + (target.key().isEmpty() ? "" : "/" + target.key());
    }

    /** For a role's session aws:PrincipalArn is the role's ARN (IAM user guide, "AWS global condition context keys"). */
    private static Optional<String> principal(String caller) {
        return Optional.of(
                        caller.replaceFirst("^arn:aws:sts::(\\d+):assumed-role/([^/]+)/.*$", "arn:aws:iam::$1:role/$2"))
                .filter(arn -> !arn.isEmpty());
    }
}
