package dev.gantry.function.scale;

import dev.gantry.aws.scale.Quotas;
import dev.gantry.aws.scale.Tally;
import dev.gantry.aws.scale.TokenBucket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;
import software.amazon.awssdk.services.ssm.model.SsmException;

/**
 * The account's API: every call takes its time, costs a token of its quota, and is counted. The retries of a throttled call
 * follow the SDK's own retry strategy, in virtual time.
 */
final class Api {
    /** A call within a Region; AWS publishes no time. */
    private static final Duration LATENCY = Duration.ofMillis(50);

    private final VirtualTime time;
    private final Quotas quotas;
    private final TokenBucket autoScaling;
    private final Map<String, TokenBucket> systemsManager = new TreeMap<>();
    private final Tally tally = new Tally();

    Api(VirtualTime time, Quotas quotas) {
        this.time = time;
        this.quotas = quotas;
        this.autoScaling = quotas.forAutoScaling(VirtualTime.START);
    }

    Tally tally() {
        return tally;
    }

    /** One client of an execution environment, with the retries of its own. */
    final class Client {
        private final RetryStrategy retries = AwsRetryStrategy.standardRetryStrategy();

        <T> T autoScaling(String operation, Supplier<T> effect) {
            return call("autoscaling:" + operation, autoScaling, effect);
        }

        <T> T systemsManager(String operation, Supplier<T> effect) {
            TokenBucket bucket =
                    systemsManager.computeIfAbsent(operation, o -> quotas.forSystemsManager(VirtualTime.START));
            return call("ssm:" + operation, bucket, effect);
        }

        private <T> T call(String operation, TokenBucket bucket, Supplier<T> effect) {
            RetryToken token = retries.acquireInitialToken(AcquireInitialTokenRequest.create("scale"))
                    .token();
            while (true) {
                time.sleep(LATENCY);
                if (bucket.take(time.instant())) {
                    tally.accepted(operation);
                    T answer = effect.get();
                    retries.recordSuccess(RecordSuccessRequest.create(token));
                    return answer;
                }
                tally.throttled(operation);
                RefreshRetryTokenResponse again = again(token, throttled(operation));
                token = again.token();
                time.sleep(again.delay());
            }
        }

        private RefreshRetryTokenResponse again(RetryToken token, AwsServiceException error) {
            try {
                return retries.refreshRetryToken(RefreshRetryTokenRequest.builder()
                        .token(token)
                        .failure(error)
                        .build());
            } catch (TokenAcquisitionFailedException noMore) {
                throw error;
            }
        }
    }

    private static AwsServiceException throttled(String operation) {
        return operation.startsWith("ssm:")
                ? SsmException.builder()
                        .awsErrorDetails(error("ThrottlingException", "Rate exceeded"))
                        .statusCode(400)
                        .build()
                : AutoScalingException.builder()
                        .awsErrorDetails(error("Throttling", "Rate exceeded"))
                        .statusCode(400)
                        .build();
    }

    static AwsErrorDetails error(String code, String message) {
        return AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .serviceName("scale")
                .build();
    }
}
