package dev.gantry.cli.account;

import dev.gantry.cli.Problem;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * The clients of AWS, each built when it is first needed: building one takes tens of milliseconds, and most commands need two
 * or three. Nothing here sends a command, so every call may be repeated as the SDK's standard mode does.
 */
final class Clients implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ATTEMPT = Duration.ofSeconds(15);
    /** An operator's function may look for as long as its own timeout of a minute. */
    private static final Duration INVOCATION = Duration.ofSeconds(90);

    private static final int CONNECTIONS = 32;

    private final Target target;
    private final Region region;
    private final AwsCredentialsProvider credentials;
    private final SdkHttpClient http;
    private final Counter counter = new Counter();
    private final Lazy<S3Client> s3 = new Lazy<>(() -> build(S3Client.builder(), ATTEMPT));
    private final Lazy<AutoScalingClient> autoScaling = new Lazy<>(() -> build(AutoScalingClient.builder(), ATTEMPT));
    private final Lazy<SsmClient> ssm = new Lazy<>(() -> build(SsmClient.builder(), ATTEMPT));
    private final Lazy<SqsClient> sqs = new Lazy<>(() -> build(SqsClient.builder(), ATTEMPT));
    private final Lazy<LambdaClient> lambda = new Lazy<>(() -> build(LambdaClient.builder(), INVOCATION));

    Clients(Target target) {
        this.target = target;
        this.region = region(target);
        this.credentials = DefaultCredentialsProvider.builder()
                .profileName(target.profile().orElse(null))
                .build();
        this.http = ApacheHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(INVOCATION)
                .maxConnections(CONNECTIONS)
                .build();
    }

    /** Counts what is sent, each repetition too. */
    private static final class Counter implements ExecutionInterceptor {
        private final AtomicLong calls = new AtomicLong();

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            calls.incrementAndGet();
        }
    }

    /** Built once, by the thread that comes first. */
    private static final class Lazy<C> {
        private final Supplier<C> builder;
        private C client;

        Lazy(Supplier<C> builder) {
            this.builder = builder;
        }

        synchronized C get() {
            if (client == null) {
                client = builder.get();
            }
            return client;
        }
    }

    private static Region region(Target target) {
        try {
            return target.region().map(Region::of).orElseGet(() -> DefaultAwsRegionProviderChain.builder()
                    .profileName(target.profile().orElse(null))
                    .build()
                    .getRegion());
        } catch (SdkClientException e) {
            throw new Problem(
                    Problem.USAGE,
                    "no Region is known: say --region, set AWS_REGION, or give the profile a region in ~/.aws/config",
                    e);
        }
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(B builder, Duration attempt) {
        builder.region(region)
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(configuration ->
                        configuration.apiCallAttemptTimeout(attempt).addExecutionInterceptor(counter));
        target.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    long calls() {
        return counter.calls.get();
    }

    String region() {
        return region.id();
    }

    S3Client s3() {
        return s3.get();
    }

    AutoScalingClient autoScaling() {
        return autoScaling.get();
    }

    SsmClient ssm() {
        return ssm.get();
    }

    SqsClient sqs() {
        return sqs.get();
    }

    LambdaClient lambda() {
        return lambda.get();
    }

    @Override
    public void close() {
        http.close();
    }
}
