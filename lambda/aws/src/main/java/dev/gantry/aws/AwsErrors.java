package dev.gantry.aws;

import static java.util.Map.entry;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.text.Text;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.retry.RetryUtils;

/**
 * Classifies AWS's errors, in this one place: either waiting helps ({@link GantryException.Retryable}), or somebody has to
 * repair something ({@link GantryException.Misconfigured}). An error is never a failed run.
 *
 * <p>Throttling, server errors, timeouts and lost connections are retryable; so are expired credentials, because the
 * execution environment gets fresh ones automatically. Any other 4xx answer says that the request itself is wrong, and a retry
 * does not help.
 *
 * <p>An error's key has no text of AWS, because that text names the role's session, the request, or the first instance.
 *
 * <p>The codes are those of the service models (botocore {@code ssm/2014-11-06}, {@code autoscaling/2011-01-01}, {@code
 * s3/2006-03-01}, {@code sqs/2012-11-05}) and of each service's page "Common Errors".
 */
public final class AwsErrors {
    private static final int MESSAGE_LIMIT = 400;
    private static final String PERMISSION = "allow it in the role's policy";
    private static final String CREDENTIALS = "check the credentials that the process runs with";
    private static final String DOCUMENT = "correct the document's name, version and hash in the fleet's settings";
    private static final String BUCKET = "check the bucket's name in the configuration";
    private static final String KMS = "check the KMS key's state, its policy and the role's kms permissions";
    private static final String SETTINGS = "correct the fleet's settings";
    private static final String GROUP =
            "check that the group and its hook exist under the names in the fleet's settings";
    private static final String QUEUE = "check the queue's URL in the configuration";
    private static final String UNKNOWN = "repeating the same request will not help";

    /** 4xx codes of temporary errors. */
    private static final Map<String, String> PASSING = Map.ofEntries(
            entry("ExpiredToken", "fresh credentials come with the next execution environment"),
            entry("ExpiredTokenException", "fresh credentials come with the next execution environment"),
            entry("RequestExpired", "the clocks differ"),
            entry("RequestTimeTooSkewed", "the clocks differ"),
            entry("RequestTimeout", "the request took too long to arrive"),
            entry("RequestTimeoutException", "the request took too long to arrive"),
            entry("ScalingActivityInProgress", "the group is busy"),
            entry("ResourceContention", "the group is busy"),
            entry("ConditionalRequestConflict", "another writer wrote at the same moment"),
            entry("OperationAborted", "another writer wrote at the same moment"),
            entry("InvalidNextToken", "the list is read anew"),
            entry("MessageNotInflight", "the message is visible again"));

    /** Codes that somebody has to repair, with what to do; other codes are shown as they are. */
    private static final Map<String, String> REPAIRS = Map.ofEntries(
            entry("AccessDenied", PERMISSION),
            entry("AccessDeniedException", PERMISSION),
            entry("UnauthorizedOperation", PERMISSION),
            entry("InvalidDocument", DOCUMENT),
            entry("InvalidDocumentVersion", DOCUMENT),
            entry("InvalidDocumentContent", DOCUMENT),
            entry("MaxDocumentSizeExceeded", DOCUMENT),
            entry("InvalidParameters", SETTINGS),
            entry("UnsupportedPlatformType", "use a document that supports the instances' platform"),
            entry("NoSuchBucket", BUCKET),
            entry("PermanentRedirect", BUCKET),
            entry("AuthorizationHeaderMalformed", BUCKET),
            entry("ValidationError", GROUP),
            entry("ValidationException", SETTINGS),
            entry("QueueDoesNotExist", QUEUE),
            entry("AWS.SimpleQueueService.NonExistentQueue", QUEUE),
            entry("UnrecognizedClientException", CREDENTIALS),
            entry("InvalidClientTokenId", CREDENTIALS),
            entry("InvalidAccessKeyId", CREDENTIALS),
            entry("SignatureDoesNotMatch", CREDENTIALS),
            entry("InvalidSignatureException", CREDENTIALS),
            entry("MissingAuthenticationToken", CREDENTIALS),
            entry("OptInRequired", "the account has not opted in to this Region"));

    private AwsErrors() {}

    /**
     * What the error means.
     *
     * @param what the call and its resource, for example {@code SendCommand on 12 instances of fleet web}
     */
    public static GantryException classify(String what, SdkException error) {
        return classify(Text.stable(what), what, error);
    }

    /**
     * The same if {@code what} says more than the call and its resource.
     *
     * @param subject the call and its resource, in words that are equal each time; with the error's code it is the error's key
     */
    public static GantryException classify(String subject, String what, SdkException error) {
        String said = what + ": " + describe(error);
        if (RetryUtils.isThrottlingException(error)) {
            return new GantryException.Retryable(said + "; throttled, Gantry looks again", error);
        }
        String key = subject + ": " + kind(error);
        return error instanceof SdkServiceException service
                ? fromService(key, said, service)
                : fromClient(key, said, error);
    }

    private static GantryException fromService(String key, String said, SdkServiceException error) {
        String code = code(error).orElse("");
        if (PASSING.containsKey(code)) {
            return new GantryException.Retryable(said + "; " + PASSING.get(code), error);
        } else if (isServersFault(error)) {
            return new GantryException.Retryable(said + "; Gantry looks again", error);
        }
        return new GantryException.Misconfigured(key, said + "; " + repair(code), error);
    }

    private static GantryException fromClient(String key, String said, SdkException error) {
        return isWithoutCredentials(error)
                ? new GantryException.Misconfigured(key, said + "; " + CREDENTIALS, error)
                : new GantryException.Retryable(said + "; Gantry looks again", error);
    }

    /**
     * Whether AWS certainly did not carry out the call: it refused, or there were no credentials to sign the request. After
     * anything else (a timeout, a lost connection, a server error) that is not known.
     */
    public static boolean isCertainRefusal(SdkException error) {
        if (RetryUtils.isThrottlingException(error)) {
            return true;
        }
        return error instanceof SdkServiceException service
                ? !isServersFault(service) && service.statusCode() != 408
                : isWithoutCredentials(error);
    }

    /** The error's code, if the answer had one. */
    public static Optional<String> code(SdkException error) {
        return details(error).map(AwsErrorDetails::errorCode).filter(code -> !code.isBlank());
    }

    /** The service's own words, without the request ids that the SDK appends; clipped for people. */
    public static String message(SdkException error) {
        return Text.clip(rawMessage(error), MESSAGE_LIMIT);
    }

    /** The same in full length: a list of fifty instance ids is longer than what people are shown. */
    public static String rawMessage(SdkException error) {
        return details(error)
                .map(AwsErrorDetails::errorMessage)
                .or(() -> Optional.ofNullable(error.getMessage()))
                .orElse("no message");
    }

    private static String describe(SdkException error) {
        return kind(error) + ": " + message(error);
    }

    private static String kind(SdkException error) {
        return code(error)
                .orElseGet(() -> error instanceof SdkServiceException service
                        ? "HTTP " + service.statusCode()
                        : error.getClass().getSimpleName());
    }

    private static Optional<AwsErrorDetails> details(SdkException error) {
        return error instanceof AwsServiceException service
                ? Optional.ofNullable(service.awsErrorDetails())
                : Optional.empty();
    }

    private static boolean isServersFault(SdkServiceException error) {
        return error.statusCode() >= 500 || error.statusCode() == 0;
    }

    /** The SDK has no type for this; its credential providers all say it so. */
    private static boolean isWithoutCredentials(SdkException error) {
        return error.getMessage() != null
                && error.getMessage().toLowerCase(Locale.ROOT).contains("unable to load credentials");
    }

    private static String repair(String code) {
        return code.toLowerCase(Locale.ROOT).startsWith("kms") ? KMS : REPAIRS.getOrDefault(code, UNKNOWN);
    }
}
