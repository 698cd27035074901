package dev.gantry.sandbox;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Unmodified SDK clients of an endpoint. */
public record Clients(URI endpoint, String accessKey) {
    /**
     * Longer than any answer takes on a busy machine, and than a function may take. After its usual 30 s the SDK makes the call
     * again, and what a first call has made is then there already.
     */
    private static final Duration ANSWER = Duration.ofMinutes(15);

    public static Clients of(Sandbox sandbox) {
        return new Clients(sandbox.endpoint(), Sandbox.ACCESS_KEY);
    }

    /** A client with connections of its own. */
    public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(B builder) {
        return connected(builder.httpClientBuilder(patient()));
    }

    /** A client with the connections that its builder has. */
    public <B extends AwsClientBuilder<B, C>, C> C connected(B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(Sandbox.REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, Sandbox.SECRET_KEY)))
                .build();
    }

    /** Connections that wait for a late answer. */
    public static SdkHttpClient.Builder<?> patient() {
        return Apache5HttpClient.builder().socketTimeout(ANSWER);
    }

    public S3Client s3() {
        return build(S3Client.builder().forcePathStyle(true));
    }

    public SqsClient sqs() {
        return build(SqsClient.builder());
    }

    public StsClient sts() {
        return build(StsClient.builder());
    }

    public LambdaClient lambda() {
        return build(LambdaClient.builder().overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD)));
    }
}
