package dev.gantry.sandbox.contract;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/** What {@code AWS_ENDPOINT_URL} names, with the Region and the credentials of the environment, as the SDK finds them. */
final class EnvironmentEndpoint {
    private EnvironmentEndpoint() {}

    static Found find() {
        return Optional.ofNullable(System.getenv("AWS_ENDPOINT_URL"))
                .filter(uri -> !uri.isBlank())
                .<Found>map(uri -> new Found.Present(new Endpoint(
                        Implementation.ENVIRONMENT,
                        URI.create(uri),
                        new DefaultAwsRegionProviderChain().getRegion(),
                        DefaultCredentialsProvider.builder().build(),
                        () -> {})))
                .orElseGet(() -> new Found.Absent(Implementation.ENVIRONMENT, "it is not set"));
    }
}
