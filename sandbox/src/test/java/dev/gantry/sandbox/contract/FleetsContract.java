package dev.gantry.sandbox.contract;

import dev.gantry.aws.s3.S3FleetsContract;
import org.junit.jupiter.api.BeforeEach;

/** Gantry's own settings and releases over the endpoint's S3. */
abstract class FleetsContract extends S3FleetsContract {
    @BeforeEach
    void open(Endpoint endpoint) {
        String bucket = Endpoint.freshName("adapter");
        endpoint.createBucket(bucket);
        use(endpoint.s3(), bucket);
    }
}
