package dev.gantry.sandbox.contract;

import org.junit.jupiter.api.Nested;

/** The endpoint that {@code AWS_ENDPOINT_URL} names fulfils every contract; ideally it is AWS itself. */
@Against(Implementation.ENVIRONMENT)
class NamedEndpointContractTest extends StsContract {
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
