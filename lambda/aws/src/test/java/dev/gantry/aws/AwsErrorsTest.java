package dev.gantry.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.stay.Trouble;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class AwsErrorsTest {

    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException, RETRYABLE, true",
        "400, Throttling, RETRYABLE, true",
        "400, RequestLimitExceeded, RETRYABLE, true",
        "429, TooManyRequestsException, RETRYABLE, true",
        "503, SlowDown, RETRYABLE, true",
        "500, InternalServerError, RETRYABLE, false",
        "503, ServiceUnavailable, RETRYABLE, false",
        "500, ResourceContention, RETRYABLE, false",
        "400, ExpiredTokenException, RETRYABLE, true",
        "400, ExpiredToken, RETRYABLE, true",
        "403, RequestTimeTooSkewed, RETRYABLE, true",
        "408, RequestTimeoutException, RETRYABLE, false",
        "400, ScalingActivityInProgress, RETRYABLE, true",
        "409, ConditionalRequestConflict, RETRYABLE, true",
        "403, AccessDenied, MISCONFIGURED, true",
        "400, AccessDeniedException, MISCONFIGURED, true",
        "400, InvalidDocument, MISCONFIGURED, true",
        "400, InvalidDocumentVersion, MISCONFIGURED, true",
        "400, InvalidParameters, MISCONFIGURED, true",
        "400, UnsupportedPlatformType, MISCONFIGURED, true",
        "404, NoSuchBucket, MISCONFIGURED, true",
        "301, PermanentRedirect, MISCONFIGURED, true",
        "400, ValidationError, MISCONFIGURED, true",
        "400, ValidationException, MISCONFIGURED, true",
        "400, UnrecognizedClientException, MISCONFIGURED, true",
        "403, InvalidClientTokenId, MISCONFIGURED, true",
        "403, SignatureDoesNotMatch, MISCONFIGURED, true",
        "400, KMS.DisabledException, MISCONFIGURED, true",
        "400, KmsAccessDenied, MISCONFIGURED, true",
        "400, QueueDoesNotExist, MISCONFIGURED, true",
        "400, SomethingNewException, MISCONFIGURED, true"
    })
    void everyCodeHasItsMeaning(int status, String code, Trouble.Kind kind, boolean certain) {
        SdkException error = service(status, code, "words");

        assertEquals(kind, AwsErrors.classify("Call of thing", error).kind());
        assertEquals(certain, AwsErrors.isCertainRefusal(error));
    }

    @Test
    void anErrorsKeyHasOnlyWhatIsTheSameEachTime() {
        GantryException one = AwsErrors.classify(
                "DescribeInstanceInformation of 12 instances",
                service(
                        400,
                        "AccessDeniedException",
                        "User: arn:aws:sts::1:assumed-role/gantry-sweep/a is not allowed"));
        GantryException other = AwsErrors.classify(
                "DescribeInstanceInformation of 3 instances",
                service(400, "AccessDeniedException", "User: arn:aws:sts::1:assumed-role/gantry-operator/b is not"));

        assertEquals("DescribeInstanceInformation of * instances: AccessDeniedException", one.key());
        assertEquals(one.key(), other.key());
    }

    @Test
    void anotherOperationResourceOrCodeIsAnotherKey() {
        SdkException denied = service(400, "AccessDeniedException", "no");

        assertEquals(
                "reading s3://b/fleets/web-1/release.json: AccessDeniedException",
                AwsErrors.classify("reading s3://b/fleets/web-1/release.json", denied)
                        .key());
        assertEquals(
                "SendCommand for fleet web with document D:7: InvalidParameters",
                AwsErrors.classify(
                                "SendCommand for fleet web with document D:7",
                                "SendCommand run-1 on 2 instances of fleet web with document D:7",
                                service(400, "InvalidParameters", "no"))
                        .key());
    }

    static Stream<SdkException> lostAnswers() {
        return Stream.of(
                ApiCallTimeoutException.create(25_000),
                ApiCallAttemptTimeoutException.create(10_000),
                SdkClientException.create(
                        "Unable to execute HTTP request", new SocketTimeoutException("Read timed out")));
    }

    @ParameterizedTest
    @MethodSource("lostAnswers")
    void anAnswerThatWasLostIsRetryableAndUncertain(SdkException error) {
        assertInstanceOf(GantryException.Retryable.class, AwsErrors.classify("Call", error));
        assertEquals(false, AwsErrors.isCertainRefusal(error));
    }

    @Test
    void aProcessWithoutCredentialsIsMisconfiguredAndCertain() {
        SdkException error =
                SdkClientException.create("Unable to load credentials from any of the providers in the chain");

        assertInstanceOf(GantryException.Misconfigured.class, AwsErrors.classify("Call", error));
        assertTrue(AwsErrors.isCertainRefusal(error));
    }

    @Test
    void theMessageSaysWhatFailedOnWhatWhyAndWhatNext() {
        SdkException error = service(400, "AccessDeniedException", "not authorized to perform: ssm:SendCommand");

        GantryException said = AwsErrors.classify("SendCommand on 12 instances of fleet web with document X:1", error);

        assertEquals(
                "SendCommand on 12 instances of fleet web with document X:1: AccessDeniedException: not authorized to perform:"
                        + " ssm:SendCommand; allow it in the role's policy",
                said.getMessage());
        assertSame(error, said.getCause());
    }

    @Test
    void anAnswerWithoutACodeIsNamedByItsStatus() {
        SdkException error = AwsServiceException.builder().statusCode(403).build();

        assertEquals(
                "HEAD of x: HTTP 403: no message; repeating the same request will not help",
                AwsErrors.classify("HEAD of x", error).getMessage());
    }

    private static SdkException service(int status, String code, String message) {
        return AwsServiceException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
