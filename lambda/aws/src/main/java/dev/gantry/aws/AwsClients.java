package dev.gantry.aws;

import dev.gantry.stored.BundleUrls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.retry.RetryUtils;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * The clients of AWS, built once for a process and closed with it.
 *
 * <p>The SDK reads Region, credentials and {@code AWS_ENDPOINT_URL} from the environment, unless the builder says
 * otherwise. All clients share one connection pool: 2 s to connect, 10 s for an attempt, 25 s for a call with
 * its retries, of which the standard mode makes two.
 *
 * <p>The HTTP client is Apache's. The lighter one over {@link java.net.HttpURLConnection} sends a POST again on its own when a
 * connection breaks ({@code sun.net.http.retryPost}), and a SendCommand that is sent again runs the bundle twice.
 */
public final class AwsClients implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration CALL = Duration.ofSeconds(25);

    /** Enough for the 16 objects that are read at a time, and for concurrent calls. */
    private static final int CONNECTIONS = 50;

    private final SdkHttpClient http;
    private final SsmClient ssm;
    private final SsmClient sender;
    private final AutoScalingClient autoScaling;
    private final S3Client s3;
    private final SqsClient sqs;

    private AwsClients(Builder from) {
        http = ApacheHttpClient.builder()
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(ATTEMPT)
                .socketTimeout(from.attempt)
                .maxConnections(CONNECTIONS)
                .expectContinueEnabled(false)
                .build();
        ssm = build(SsmClient.builder(), from, standardAndCutShort());
        sender = build(SsmClient.builder(), from, throttlingOnly());
        autoScaling = build(AutoScalingClient.builder(), from, standardAndCutShort());
        s3 = build(S3Client.builder(), from, standardAndCutShort(), new SmallObjects());
        sqs = build(SqsClient.builder(), from, standardAndCutShort());
    }

    /** Clients that take everything from the environment, as in a function. */
    public static AwsClients fromEnvironment() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The addresses of bundles in this Region's bucket. */
    public static BundleUrls bundleUrls(String region, String bucket) {
        return new BundleUrls(region, PartitionMetadata.of(Region.of(region)).dnsSuffix(), bucket);
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, Builder from, RetryStrategy retries, ExecutionInterceptor... interceptors) {
        builder.httpClient(http).overrideConfiguration(configuration -> configuration
                .apiCallAttemptTimeout(from.attempt)
                .apiCallTimeout(CALL)
                .retryStrategy(retries)
                .executionInterceptors(List.of(interceptors)));
        from.endpoint.ifPresent(builder::endpointOverride);
        from.region.ifPresent(builder::region);
        from.credentials.ifPresent(builder::credentialsProvider);
        return builder.build();
    }

    /**
     * Removes what S3's own interceptor adds to each PutObject: {@code Expect: 100-continue} costs a round trip before the body,
     * which is worthwhile for large bodies only.
     */
    private static final class SmallObjects implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().copy(request -> request.removeHeader("Expect"));
        }
    }

    /**
     * The standard mode, which retries a call without an answer, and also a call whose answer was cut. Every call except
     * SendCommand may be made twice.
     */
    private static RetryStrategy standardAndCutShort() {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .retryOnException(AwsClients::isCutShort)
                .build();
    }

    /** The SDK has no type for it: it is how its unmarshallers begin. */
    private static boolean isCutShort(Throwable error) {
        return error instanceof SdkClientException
                && String.valueOf(error.getMessage()).startsWith("Unable to unmarshall response");
    }

    /**
     * Retries that can never send a command twice: a throttled call was certainly not carried out, and nothing else is
     * retried. The client's own conditions (server errors, timeouts, lost connections) are left out.
     */
    public static RetryStrategy throttlingOnly() {
        return DefaultRetryStrategy.standardStrategyBuilder()
                .useClientDefaults(false)
                .retryOnException(AwsClients::isThrottled)
                .treatAsThrottling(AwsClients::isThrottled)
                .build();
    }

    private static boolean isThrottled(Throwable error) {
        return error instanceof SdkException sdk && RetryUtils.isThrottlingException(sdk);
    }

    /** Systems Manager for everything except SendCommand. */
    public SsmClient ssm() {
        return ssm;
    }

    /** Systems Manager for SendCommand: retried on throttling only. */
    public SsmClient sender() {
        return sender;
    }

    public AutoScalingClient autoScaling() {
        return autoScaling;
    }

    public S3Client s3() {
        return s3;
    }

    public SqsClient sqs() {
        return sqs;
    }

    @Override
    public void close() {
        ssm.close();
        sender.close();
        autoScaling.close();
        s3.close();
        sqs.close();
        http.close();
    }

    /** Overrides of the environment; a test sets an endpoint. */
    public static final class Builder {
        private Optional<URI> endpoint = Optional.empty();
        private Optional<Region> region = Optional.empty();
        private Optional<AwsCredentialsProvider> credentials = Optional.empty();
        private Duration attempt = ATTEMPT;

        private Builder() {}

        /** One endpoint for every service. */
        public Builder endpoint(URI uri) {
            endpoint = Optional.of(uri);
            return this;
        }

        public Builder region(Region where) {
            region = Optional.of(where);
            return this;
        }

        public Builder credentials(AwsCredentialsProvider provider) {
            credentials = Optional.of(provider);
            return this;
        }

        /** How long one attempt of a call may take; the default is 10 s. */
        public Builder attemptTimeout(Duration timeout) {
            attempt = timeout;
            return this;
        }

        public AwsClients build() {
            return new AwsClients(this);
        }
    }
}
