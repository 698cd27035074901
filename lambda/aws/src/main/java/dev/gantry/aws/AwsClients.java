package dev.gantry.aws;

import dev.gantry.stored.BundleUrls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.retry.RetryUtils;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The clients of AWS. Each is built when it is first asked for, because a cold function pays for each, and closed with the process.
 *
 * <p>The SDK reads Region, credentials and {@code AWS_ENDPOINT_URL} from the environment, unless the builder says
 * otherwise. All clients share one connection pool: 2 s to connect, 10 s for an attempt, 25 s for a call with
 * its retries, of which the standard mode makes two.
 *
 * <p>The HTTP client is the AWS Common Runtime's: its TLS is native, while Java's own costs a cold function a third of a second.
 * It sends a request once, whatever becomes of the connection; a SendCommand that is sent again would run the bundle twice.
 */
public final class AwsClients implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final Duration CALL = Duration.ofSeconds(25);

    /** Enough for the 16 objects that are read at a time, and for concurrent calls. */
    private static final int CONNECTIONS = 50;

    /** Shorter than the 60 s after which Systems Manager and S3 close an idle connection themselves. */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final Lazy<SdkHttpClient> http;
    private final Lazy<SsmClient> ssmClient;
    private final Lazy<SsmClient> senderClient;
    private final Lazy<AutoScalingClient> autoScalingClient;
    private final Lazy<S3Client> s3Client;
    private final Lazy<SqsClient> sqsClient;

    private AwsClients(Builder from) {
        http = new Lazy<>(from.http);
        ssmClient = new Lazy<>(() -> build(SsmClient.builder(), from, standardAndCutShort()));
        senderClient = new Lazy<>(() -> build(SsmClient.builder(), from, throttlingOnly()));
        autoScalingClient = new Lazy<>(() -> build(AutoScalingClient.builder(), from, standardAndCutShort()));
        s3Client = new Lazy<>(() -> build(smallObjects(), from, standardAndCutShort(), new SmallObjects()));
        sqsClient = new Lazy<>(() -> build(SqsClient.builder(), from, standardAndCutShort()));
    }

    private static SdkHttpClient commonRuntime() {
        return AwsCrtHttpClient.builder()
                .connectionTimeout(CONNECT)
                .connectionAcquisitionTimeout(ATTEMPT)
                .connectionMaxIdleTime(IDLE)
                .maxConcurrency(CONNECTIONS)
                .build();
    }

    /** Clients that take everything from the environment, as in a function. */
    public static AwsClients fromEnvironment() {
        return builder().build();
    }

    /** Clients of what stands in for AWS at this address, with credentials that no account has. */
    public static AwsClients rehearsing(URI endpoint, String region) {
        return builder()
                .endpoint(endpoint)
                .region(Region.of(region))
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("rehearsal", "rehearsal")))
                .build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The addresses of bundles in this Region's bucket. */
    public static BundleUrls bundleUrls(String region, String bucket) {
        return new BundleUrls(region, DnsSuffix.of(region), bucket);
    }

    /**
     * Without chunks and the SDK's own checksums, which are for large objects over unsafe ways: TLS covers a record of kilobytes, and
     * a bundle's SHA-256 is asked for by name.
     */
    private static S3ClientBuilder smallObjects() {
        return S3Client.builder()
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(configuration -> configuration.chunkedEncodingEnabled(false));
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, Builder from, RetryStrategy retries, ExecutionInterceptor... interceptors) {
        builder.httpClient(http.get()).overrideConfiguration(configuration -> configuration
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

    /** Builds what every look uses, at the same time: a function has more than one processor while it starts. */
    public void buildSideBySide() {
        List<Thread> builders = Stream.<Lazy<?>>of(senderClient, s3Client, autoScalingClient)
                .map(lazy -> new Thread(lazy::get, "gantry-clients"))
                .toList();
        http.get();
        builders.forEach(Thread::start);
        ssmClient.get();
        // A client that could not be built here is built when it is asked for, and the error is met there.
        builders.forEach(AwsClients::join);
    }

    private static void join(Thread builder) {
        try {
            builder.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Systems Manager for everything but SendCommand. */
    public SsmClient ssm() {
        return ssmClient.get();
    }

    /** Systems Manager for SendCommand: retried on throttling only. */
    public SsmClient sender() {
        return senderClient.get();
    }

    public AutoScalingClient autoScaling() {
        return autoScalingClient.get();
    }

    public S3Client s3() {
        return s3Client.get();
    }

    public SqsClient sqs() {
        return sqsClient.get();
    }

    @Override
    public void close() {
        List.of(ssmClient, senderClient, autoScalingClient, s3Client, sqsClient, http)
                .forEach(lazy -> lazy.built().ifPresent(SdkAutoCloseable::close));
    }

    /** Overrides of the environment; a test sets an endpoint. */
    public static final class Builder {
        private Optional<URI> endpoint = Optional.empty();
        private Optional<Region> region = Optional.empty();
        private Optional<AwsCredentialsProvider> credentials = Optional.empty();
        private Duration attempt = ATTEMPT;
        private Supplier<SdkHttpClient> http = AwsClients::commonRuntime;

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

        /** What carries the requests; the Common Runtime's client where nothing is said. */
        public Builder http(Supplier<SdkHttpClient> client) {
            http = client;
            return this;
        }

        public AwsClients build() {
            return new AwsClients(this);
        }
    }
}
