package dev.gantry.function;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The functions' environment variables; an invalid one is refused at start-up, by its name.
 *
 * @param bucket {@code GANTRY_BUCKET}: settings, releases, ledger, bundles
 * @param queueUrl {@code GANTRY_QUEUE_URL}: the launch queue
 * @param deadLetterUrl {@code GANTRY_DLQ_URL}: its dead-letter queue
 * @param pagerUrl {@code GANTRY_PAGER_URL}: the pager queue; if it is not set, pages are log lines only
 * @param bastionUrl {@code GANTRY_BASTION_QUEUE_URL}: the queue of the bastion function, if there is a bastion
 * @param region {@code AWS_REGION}, set by Lambda
 * @param environment {@code GANTRY_ENVIRONMENT}: the environment in metrics; it distinguishes two environments of an account
 * @param timeout {@code GANTRY_TIMEOUT_SECONDS}: the longest timeout of the three functions, 3 to 900 s (Lambda's limit)
 */
record FunctionConfig(
        String bucket,
        String queueUrl,
        String deadLetterUrl,
        Optional<String> pagerUrl,
        Optional<String> bastionUrl,
        String region,
        Optional<String> environment,
        Duration timeout) {

    /** Names the queue of the bastion's function. */
    static final String BASTION = "GANTRY_BASTION_QUEUE_URL";

    static FunctionConfig of(Map<String, String> environment) {
        return new FunctionConfig(
                need(environment, "GANTRY_BUCKET"),
                need(environment, "GANTRY_QUEUE_URL"),
                need(environment, "GANTRY_DLQ_URL"),
                optional(environment, "GANTRY_PAGER_URL"),
                optional(environment, BASTION),
                need(environment, "AWS_REGION"),
                optional(environment, "GANTRY_ENVIRONMENT"),
                timeout(need(environment, "GANTRY_TIMEOUT_SECONDS")));
    }

    private static Optional<String> optional(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static String need(Map<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    "environment variable " + name + " is not set: see terraform's launch_function");
        }
        return value;
    }

    private static Duration timeout(String text) {
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) < 3 || Integer.parseInt(text) > 900) {
            throw new IllegalArgumentException("GANTRY_TIMEOUT_SECONDS must be 3 to 900, not '" + text + "'");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }
}
