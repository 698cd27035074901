package dev.gantry.aws.ssm;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The meaning of a command invocation's Status and StatusDetails (Systems Manager user guide, "Understanding command statuses").
 * The details decide, because the status alone calls an undelivered command failed; Pending, InProgress, Delayed,
 * Cancelling and everything unknown mean "look again later".
 */
enum InvocationStatus {
    UNDER_WAY,
    SUCCEEDED,
    /** The document ran to its end and failed. */
    FAILED,
    /** The document exceeded its time limit. */
    OVERRAN,
    /** It was never delivered, or its end is not known. */
    UNDELIVERED,
    /** Systems Manager did not let it run here. */
    REFUSED;

    /** Whether a step of the document is known to have run. */
    enum Steps {
        RAN,
        NOT_KNOWN
    }

    private static final Map<String, InvocationStatus> BY_STATUS = Map.of(
            "pending", UNDER_WAY,
            "inprogress", UNDER_WAY,
            "delayed", UNDER_WAY,
            "cancelling", UNDER_WAY,
            "success", SUCCEEDED,
            "cancelled", UNDELIVERED,
            "failed", FAILED);

    private static final Map<String, InvocationStatus> BY_DETAILS = Map.of(
            "undeliverable", UNDELIVERED,
            "terminated", UNDELIVERED,
            "rateexceeded", UNDELIVERED,
            "deliverytimedout", UNDELIVERED,
            "cancelled", UNDELIVERED,
            "executiontimedout", OVERRAN,
            "invalidplatform", REFUSED,
            "accessdenied", REFUSED);

    /**
     * Reads both.
     *
     * @param steps decides where the status is TimedOut or Failed and the details are unknown
     */
    static InvocationStatus of(String status, String details, Steps steps) {
        boolean ran = steps == Steps.RAN;
        String word = normal(status);
        Optional<InvocationStatus> detailed = Optional.ofNullable(BY_DETAILS.get(normal(details)));
        if (word.equals("timedout")) {
            return detailed.orElse(ran ? OVERRAN : UNDELIVERED);
        } else if (word.equals("failed")) {
            return detailed.orElse(normal(details).equals("failed") || ran ? FAILED : UNDELIVERED);
        }
        return BY_STATUS.getOrDefault(word, UNDER_WAY);
    }

    /** Documentation and console also write them with spaces. */
    private static String normal(String word) {
        return word.replace(" ", "").toLowerCase(Locale.ROOT);
    }
}
