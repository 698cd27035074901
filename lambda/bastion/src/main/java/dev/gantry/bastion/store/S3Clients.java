package dev.gantry.bastion.store;

import java.time.Duration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Builds the only AWS client of this function. The SDK reads Region, credentials and {@code AWS_ENDPOINT_URL} from the
 * environment.
 */
public final class S3Clients {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    /** Less than what an exchange leaves of the function's 30 s for writing the answer. */
    private static final Duration CALL = Duration.ofSeconds(5);

    private S3Clients() {}

    public static S3Client fromEnvironment() {
        return S3Client.builder()
                .httpClientBuilder(
                        Apache5HttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ATTEMPT))
                .overrideConfiguration(configuration ->
                        configuration.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL))
                .build();
    }
}
