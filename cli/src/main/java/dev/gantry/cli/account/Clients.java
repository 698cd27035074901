package dev.gantry.cli.account;

import dev.gantry.aws.AwsClients;
import dev.gantry.cli.base.Problem;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
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
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The clients of AWS, each built when it is first needed: building one takes tens of milliseconds, and most commands need two
 * or three. Every call but SendCommand may be repeated as the SDK's standard mode does.
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
    private final Lazy<SsmClient> sender = new Lazy<>(this::buildSender);
    private final Lazy<StsClient> sts = new Lazy<>(() -> build(StsClient.builder(), ATTEMPT));
    private final Lazy<Ec2Client> ec2 = new Lazy<>(() -> build(Ec2Client.builder(), ATTEMPT));
    private final Lazy<EventBridgeClient> events = new Lazy<>(() -> build(EventBridgeClient.builder(), ATTEMPT));
    private final Lazy<IamQueries> iam = new Lazy<>(this::buildIam);
    private final Lazy<KmsClient> kms = new Lazy<>(() -> build(KmsClient.builder(), ATTEMPT));
    private final Lazy<SchedulerClient> scheduler = new Lazy<>(() -> build(SchedulerClient.builder(), ATTEMPT));
    private final Lazy<LambdaClient> lambda = new Lazy<>(() -> build(LambdaClient.builder(), INVOCATION));

    Clients(Target target) {
        this.target = target;
        this.region = region(target);
        this.credentials = DefaultCredentialsProvider.builder()
                .profileName(target.profile().orElse(null))
                .build();
        this.http = Apache5HttpClient.builder()
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
                .overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .apiCallAttemptTimeout(attempt)
                        .addExecutionInterceptor(counter)
                        .build());
        target.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    long calls() {
        return counter.calls.get();
    }

    /** IAM is of the partition: it has one endpoint and one signing Region there (AWS general reference, "IAM endpoints"). */
    private IamQueries buildIam() {
        Optional<URI> given = target.endpoint().or(() -> Optional.ofNullable(System.getenv("AWS_ENDPOINT_URL"))
                .filter(url -> !url.isBlank())
                .map(URI::create));
        Region global =
                switch (region.metadata().partition().id()) {
                    case "aws-cn" -> Region.AWS_CN_GLOBAL;
                    case "aws-us-gov" -> Region.AWS_US_GOV_GLOBAL;
                    default -> Region.AWS_GLOBAL;
                };
        ServiceMetadata iamOfPartition = ServiceMetadata.of("iam");
        return given.map(url -> new IamQueries(http, credentials, url, region.id()))
                .orElseGet(() -> new IamQueries(
                        http,
                        credentials,
                        URI.create("https://" + iamOfPartition.endpointFor(global)),
                        iamOfPartition.signingRegion(global).id()));
    }

    /** SendCommand has no client token: only a throttled one was certainly not carried out. */
    private SsmClient buildSender() {
        return build(
                SsmClient.builder().overrideConfiguration(c -> c.retryStrategy(AwsClients.throttlingOnly())), ATTEMPT);
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

    /** For SendCommand alone. */
    SsmClient sender() {
        return sender.get();
    }

    SqsClient sqs() {
        return sqs.get();
    }

    StsClient sts() {
        return sts.get();
    }

    Ec2Client ec2() {
        return ec2.get();
    }

    EventBridgeClient events() {
        return events.get();
    }

    IamQueries iam() {
        return iam.get();
    }

    KmsClient kms() {
        return kms.get();
    }

    SchedulerClient scheduler() {
        return scheduler.get();
    }

    LambdaClient lambda() {
        return lambda.get();
    }

    @Override
    public void close() {
        http.close();
    }
}
