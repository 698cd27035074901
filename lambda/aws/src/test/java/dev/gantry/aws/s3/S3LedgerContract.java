package dev.gantry.aws.s3;

import dev.gantry.launch.port.Ledger;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.services.s3.S3Client;

/** {@link S3Ledger} over whichever S3 a subclass in any module names; a bucket is empty when a test begins. */
public abstract class S3LedgerContract extends LedgerContract {
    private ObjectThreads threads;
    private Ledger ledger;

    /** To be called before each test. */
    protected final void use(S3Client s3, String bucket) {
        threads = new ObjectThreads();
        ledger = new S3Ledger(s3, bucket, threads);
    }

    @AfterEach
    final void closeThreads() {
        threads.close();
    }

    @Override
    final Ledger ledger() {
        return ledger;
    }
}
