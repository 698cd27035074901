package dev.gantry.sandbox.contract;

import org.junit.jupiter.api.Nested;

/** What {@code AWS_ENDPOINT_URL} names keeps every contract; AWS itself, at best. */
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
