package dev.gantry.aws.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationStatusTest {

    @ParameterizedTest
    @CsvSource({
        "Pending, Pending, false, UNDER_WAY",
        "InProgress, InProgress, true, UNDER_WAY",
        "Delayed, Delayed, false, UNDER_WAY",
        "Cancelling, Cancelling, true, UNDER_WAY",
        "Frozen, Undeliverable, true, UNDER_WAY",
        "'', '', false, UNDER_WAY",
        "Success, Success, true, SUCCEEDED",
        "Cancelled, Cancelled, true, UNDELIVERED",
        "Failed, Failed, true, FAILED",
        "Failed, Failed, false, FAILED",
        "Failed, Undeliverable, false, UNDELIVERED",
        "Failed, Terminated, false, UNDELIVERED",
        "Failed, RateExceeded, false, UNDELIVERED",
        "Failed, InvalidPlatform, false, REFUSED",
        "Failed, AccessDenied, false, REFUSED",
        "Failed, SomethingNew, true, FAILED",
        "Failed, SomethingNew, false, UNDELIVERED",
        "TimedOut, DeliveryTimedOut, false, UNDELIVERED",
        "TimedOut, Delivery Timed Out, false, UNDELIVERED",
        "TimedOut, ExecutionTimedOut, true, OVERRAN",
        "TimedOut, Execution Timed Out, true, OVERRAN",
        "TimedOut, TimedOut, true, OVERRAN",
        "TimedOut, TimedOut, false, UNDELIVERED"
    })
    void theDetailsDecide(String status, String details, boolean ran, InvocationStatus meaning) {
        assertEquals(
                meaning,
                InvocationStatus.of(
                        status, details, ran ? InvocationStatus.Steps.RAN : InvocationStatus.Steps.NOT_KNOWN));
    }
}
