package dev.gantry.sandbox.contract;

import org.junit.jupiter.api.Nested;

/** LocalStack fulfils the contracts, except for what {@link Deviations} lists. */
@Against(Implementation.LOCALSTACK)
class LocalStackContractTest extends StsContract {
    @Nested
    class S3 extends S3Contract {}

    @Nested
    class Sqs extends SqsContract {}

    @Nested
    class Documents extends DocumentsContract {}

    @Nested
    class Ledger extends LedgerContract {}

    @Nested
    class Fleets extends FleetsContract {}
}
