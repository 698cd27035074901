package dev.gantry.operator;

/**
 * Where a deployment of Gantry keeps things; for the commands that an operator can copy.
 *
 * @param function the operator's function
 * @param bucket the bucket of ledger, releases and bundles
 */
public record Place(String region, String function, String bucket) {
    private static final String OPERATOR = "-operator";

    /** The functions' common beginning: Terraform names them {@code <name>-launch-queue} and so on. */
    public String prefix() {
        return function.endsWith(OPERATOR) ? function.substring(0, function.length() - OPERATOR.length()) : function;
    }

    String object(String key) {
        return "s3://" + bucket + "/" + key;
    }
}
