package dev.gantry.sandbox.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3AddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://s3.eu-central-1.amazonaws.com/my.bucket/a/b%20c.zip",
                "https://s3-eu-central-1.amazonaws.com/my.bucket/a/b%20c.zip",
                "https://s3.amazonaws.com/my.bucket/a/b%20c.zip",
                "https://my.bucket.s3.amazonaws.com/a/b%20c.zip",
                "https://my.bucket.s3.eu-central-1.amazonaws.com/a/b%20c.zip",
                "https://my.bucket.s3.dualstack.eu-central-1.amazonaws.com/a/b%20c.zip"
            })
    void bucketStandsInThePathOrInTheHost(String path) {
        assertEquals(new S3Address("my.bucket", "a/b c.zip"), S3Address.parse(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3://bucket/key", "https://example.com/bucket/key", "https://s3.amazonaws.com/", "not a url", ""
            })
    void everythingElseIsRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> S3Address.parse(path));
    }
}
