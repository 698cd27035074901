package dev.gantry.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

class DnsSuffixTest {
    @ParameterizedTest
    @MethodSource("software.amazon.awssdk.regions.Region#regions")
    void isTheOneThatTheSdkKnows(Region region) {
        assertEquals(PartitionMetadata.of(region).dnsSuffix(), DnsSuffix.of(region.id()));
    }
}
