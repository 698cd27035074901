package dev.gantry.function;

import dev.gantry.launch.fleet.FleetName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The fleets for which an invocation of the operator's function may act. Lambda does not say who invokes it, but IAM decides who
 * may invoke which alias, and the context has the invoked alias (Lambda developer guide, "Fine-tuning the Resources and Conditions
 * sections of policies"; "Using the Lambda context object", {@code getInvokedFunctionArn}). See docs/decisions/0017.
 *
 * @param alias the alias of one fleet; empty for an administrator, who may act for all
 */
record Authority(Optional<String> alias) {
    /** May act for every fleet: the function itself, or any alias that is not a fleet's. */
    static final Authority ADMINISTRATOR = new Authority(Optional.empty());

    private static final String FLEETS = "fleet-";
    private static final int READABLE = 60;
    private static final int DIGITS = 32;

    /** The parts of {@code arn:aws:lambda:<region>:<account>:function:<name>:<qualifier>}. */
    private static final int UNQUALIFIED = 7;

    /** @throws IllegalArgumentException for what is not a function's ARN: then its rights are not known */
    static Authority of(String invokedArn) {
        String[] parts = invokedArn.split(":", -1);
        if (parts.length < UNQUALIFIED || parts.length > UNQUALIFIED + 1 || !parts[5].equals("function")) {
            throw new IllegalArgumentException("this function was invoked by what is no function's ARN: " + invokedArn);
        }
        return parts.length > UNQUALIFIED && parts[UNQUALIFIED].startsWith(FLEETS)
                ? new Authority(Optional.of(parts[UNQUALIFIED]))
                : ADMINISTRATOR;
    }

    /**
     * The alias that acts for this fleet alone, in the characters that an alias may have (CreateAlias, Name: letters, digits,
     * hyphen and underscore, up to 128): first the readable name, then part of its sha256, which distinguishes similar names.
     * terraform/modules/fleet makes it; {@code tests/fleet-names.tsv} has samples for all languages.
     */
    static String aliasOf(FleetName fleet) {
        String readable = fleet.value().replaceAll("[^A-Za-z0-9_-]", "-");
        return FLEETS + readable.substring(0, Math.min(READABLE, readable.length())) + "-"
                + sha256(fleet.value()).substring(0, DIGITS);
    }

    boolean covers(FleetName fleet) {
        return alias.isEmpty() || alias.get().equals(aliasOf(fleet));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
