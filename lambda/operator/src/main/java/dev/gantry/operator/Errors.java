package dev.gantry.operator;

import dev.gantry.launch.error.GantryException;

/** Errors in words for an operator: the functions retry by themselves, a command does not. */
public final class Errors {
    private static final String RENEW = "your credentials have expired: log in again, as by aws sso login";
    private static final String CREDENTIALS =
            "no credentials that AWS knows: say --profile, set AWS_PROFILE, or log in, as by aws sso login";

    private Errors() {}

    /** What failed, on which resource, why, and what to do. */
    public static String words(GantryException error) {
        return String.valueOf(error.getMessage())
                .replace("Gantry looks again", "try again")
                .replace("fresh credentials come with the next execution environment", RENEW)
                .replace("allow it in the role's policy", "allow it in your own policy")
                .replace("check the credentials that the process runs with", CREDENTIALS);
    }
}
