package dev.gantry.sandbox.contract;

import dev.gantry.aws.s3.S3LedgerContract;
import org.junit.jupiter.api.BeforeEach;

/** Gantry's own ledger over the endpoint's S3. */
abstract class LedgerContract extends S3LedgerContract {
    @BeforeEach
    void open(Endpoint endpoint) {
        String bucket = Endpoint.freshName("adapter");
        endpoint.createBucket(bucket);
        use(endpoint.s3(), bucket);
    }
}
