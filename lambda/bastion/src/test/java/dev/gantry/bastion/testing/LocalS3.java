package dev.gantry.bastion.testing;

import dev.gantry.bastion.store.Bucket;
import dev.gantry.sandbox.Cloud;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.wire.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The sandbox's S3 with one bucket. */
public final class LocalS3 implements AutoCloseable {
    public static final String BUCKET = "gantry-sandbox";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Sandbox sandbox;
    private final S3Client client;

    public LocalS3() {
        this(Faults.NONE);
    }

    public LocalS3(Faults faults) {
        try {
            sandbox = Sandbox.builder().faults(faults).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sandbox.cloud().s3().createBucket(BUCKET);
        client = S3Client.builder()
                .endpointOverride(sandbox.endpoint())
                .region(Region.of(Sandbox.REGION))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(Sandbox.ACCESS_KEY, Sandbox.SECRET_KEY)))
                // After its usual 30 s the SDK would make a call again, which may have succeeded.
                .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(PATIENCE))
                .overrideConfiguration(configuration -> configuration.apiCallTimeout(PATIENCE))
                .build();
    }

    public S3Client client() {
        return client;
    }

    public Cloud cloud() {
        return sandbox.cloud();
    }

    public String endpoint() {
        return sandbox.endpoint().toString();
    }

    public Bucket bucket() {
        return new Bucket(client, BUCKET);
    }

    public void put(String key, String text) {
        client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(text));
    }

    public void delete(String key) {
        client.deleteObject(request -> request.bucket(BUCKET).key(key));
    }

    public String text(String key) {
        return client.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                .asString(StandardCharsets.UTF_8);
    }

    public boolean has(String key) {
        return bucket().read(key).isPresent();
    }

    @Override
    public void close() {
        client.close();
        sandbox.close();
    }
}
