package dev.gantry.sandbox;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Unmodified SDK clients of an endpoint. */
public record Clients(URI endpoint, String accessKey) {
    private static final Duration INVOCATION = Duration.ofMinutes(15);

    public static Clients of(Sandbox sandbox) {
        return new Clients(sandbox.endpoint(), Sandbox.ACCESS_KEY);
    }

    public <B extends AwsClientBuilder<B, C>, C> C build(B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(Sandbox.REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, Sandbox.SECRET_KEY)))
                .build();
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

    /** Waits longer for an answer than a function may take, on a busy machine too. */
    public LambdaClient lambda() {
        return build(LambdaClient.builder()
                .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(INVOCATION))
                .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD)));
    }
}
