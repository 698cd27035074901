package dev.gantry.sandbox.contract;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import java.net.URI;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/** An implementation of AWS that answers, with unmodified SDK clients for it. Closing ends what was started for it. */
final class Endpoint implements AutoCloseable {
    private final Implementation implementation;
    private final Runnable end;
    private final SdkHttpClient http = Clients.patient().build();
    private final S3Client s3;
    private final SqsClient sqs;
    private final SsmClient ssm;
    private final StsClient sts;

    /**
     * Clients of one endpoint for all services.
     *
     * @param end stops the implementation if this test has started it
     */
    Endpoint(Implementation implementation, URI uri, Region region, AwsCredentialsProvider credentials, Runnable end) {
        this.implementation = implementation;
        this.end = end;
        this.s3 = build(S3Client.builder().forcePathStyle(true), uri, region, credentials);
        this.sqs = build(SqsClient.builder(), uri, region, credentials);
        this.ssm = build(SsmClient.builder(), uri, region, credentials);
        this.sts = build(StsClient.builder(), uri, region, credentials);
    }

    /** An emulator, which takes the sandbox's Region and credentials. */
    static Endpoint emulator(Implementation implementation, URI uri, Runnable end) {
        AwsBasicCredentials credentials = AwsBasicCredentials.create(Sandbox.ACCESS_KEY, Sandbox.SECRET_KEY);
        return new Endpoint(
                implementation, uri, Region.of(Sandbox.REGION), StaticCredentialsProvider.create(credentials), end);
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
            B builder, URI uri, Region region, AwsCredentialsProvider credentials) {
        return builder.httpClient(http)
                .endpointOverride(uri)
                .region(region)
                .credentialsProvider(credentials)
                .build();
    }

    Implementation implementation() {
        return implementation;
    }

    S3Client s3() {
        return s3;
    }

    SqsClient sqs() {
        return sqs;
    }

    SsmClient ssm() {
        return ssm;
    }

    StsClient sts() {
        return sts;
    }

    /** In the endpoint's Region. */
    void createBucket(String bucket) {
        String region = s3.serviceClientConfiguration().region().id();
        s3.createBucket(b -> b.bucket(bucket).createBucketConfiguration(c -> c.locationConstraint(region)));
    }

    /** An unused name: the tests of a run share the endpoint, and several runs may. */
    static String freshName(String what) {
        return "gantry-" + what + "-" + UUID.randomUUID();
    }

    @Override
    public void close() {
        s3.close();
        sqs.close();
        ssm.close();
        sts.close();
        http.close();
        end.run();
    }
}
