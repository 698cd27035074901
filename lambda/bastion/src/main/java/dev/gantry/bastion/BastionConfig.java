package dev.gantry.bastion;

import dev.gantry.bastion.hosts.InstanceArn;
import dev.gantry.bastion.hosts.Subnets;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The function's environment variables; an invalid one is refused at start-up, by its name.
 *
 * @param bucket {@code GANTRY_BUCKET}: keys, host keys, answers
 * @param subnets {@code GANTRY_BASTION_SUBNETS}: the subnets of instances and bastion, as IPv4 CIDRs separated by commas
 * @param arn {@code GANTRY_ACCOUNT} and {@code AWS_REGION}: the account and Region whose instances write host keys
 * @param kmsKey {@code GANTRY_BASTION_KMS_KEY}: the ARN of the KMS key that the key pairs are encrypted under
 */
record BastionConfig(String bucket, Subnets subnets, InstanceArn arn, String kmsKey) {

    static BastionConfig of(Map<String, String> environment) {
        String subnets = need(environment, "GANTRY_BASTION_SUBNETS");
        String account = need(environment, "GANTRY_ACCOUNT");
        String region = need(environment, "AWS_REGION");
        return new BastionConfig(
                need(environment, "GANTRY_BUCKET"),
                checked("GANTRY_BASTION_SUBNETS", () -> Subnets.of(subnets)),
                checked("GANTRY_ACCOUNT", () -> new InstanceArn(region, account)),
                need(environment, "GANTRY_BASTION_KMS_KEY"));
    }

    private static String need(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    "environment variable " + name + " is not set: see terraform's bastion_fallback");
        }
        return value;
    }

    private static <T> T checked(String name, Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("environment variable " + name + ": " + e.getMessage(), e);
        }
    }
}
