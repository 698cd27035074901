package dev.gantry.sandbox.contract;

import org.junit.jupiter.api.Nested;

/** The sandbox fulfils every contract. */
@Against(Implementation.SANDBOX)
class SandboxContractTest extends StsContract {
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
