package dev.gantry.bastion.store;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.text.Text;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.retry.RetryUtils;

/**
 * What an error of S3 means to this function: whether waiting helps, or somebody has to repair something. The codes are those
 * of the S3 API reference, "Error responses"; SSE-KMS adds KMS's own, which S3 passes on with the prefix {@code KMS.}.
 */
final class S3Errors {
    private static final int SHOWN = 300;

    /** 4xx codes of temporary errors. */
    private static final Set<String> PASSING = Set.of(
            "ExpiredToken", "RequestTimeTooSkewed", "RequestTimeout", "ConditionalRequestConflict", "OperationAborted");

    private static final Map<String, String> REPAIRS = Map.of(
            "AccessDenied", "allow it in the function's role, with s3:ListBucket on the prefix, and with the KMS key",
            "NoSuchBucket", "check GANTRY_BUCKET");

    private S3Errors() {}

    /** @param what the call and its object */
    static GantryException classify(String what, SdkException error) {
        String code = code(error);
        String said = what + ": " + (code.isEmpty() ? error.getClass().getSimpleName() : code) + ": "
                + Text.clip(message(error), SHOWN);
        boolean passes = !(error instanceof SdkServiceException service)
                || RetryUtils.isThrottlingException(error)
                || PASSING.contains(code)
                || service.statusCode() >= 500;
        return passes
                ? new GantryException.Retryable(said, error)
                : new GantryException.Misconfigured(
                        said + "; " + REPAIRS.getOrDefault(code, "repeating the same request will not help"), error);
    }

    static String code(SdkException error) {
        return details(error).map(AwsErrorDetails::errorCode).orElse("");
    }

    private static String message(SdkException error) {
        return details(error)
                .map(AwsErrorDetails::errorMessage)
                .or(() -> Optional.ofNullable(error.getMessage()))
                .orElse("no message");
    }

    private static Optional<AwsErrorDetails> details(SdkException error) {
        return error instanceof AwsServiceException service
                ? Optional.ofNullable(service.awsErrorDetails())
                : Optional.empty();
    }
}
