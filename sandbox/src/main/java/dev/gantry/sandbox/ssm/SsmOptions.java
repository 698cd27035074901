package dev.gantry.sandbox.ssm;

import java.time.Duration;

/**
 * What can be set about Systems Manager. None of these times is published by AWS except the ping interval (5 minutes);
 * the defaults are small because people watch the demo, but not zero because AWS's are not.
 *
 * @param account twelve digits
 * @param region for example {@code eu-central-1}
 * @param invocationLag how long after SendCommand an invocation cannot be found yet ({@code InvocationDoesNotExist}),
 *     and lists do not show it
 * @param deliveryTime from the decision to deliver a command until the agent has it
 * @param redelivery how often an undelivered command is tried again
 * @param eventDelay from a change of status until its event is put on the bus
 * @param pingInterval how often a healthy agent pings
 * @param connectionLostAfter silence after which an instance shows ConnectionLost; a stopped instance stays Online so
 *     long
 */
public record SsmOptions(
        String account,
        String region,
        Duration invocationLag,
        Duration deliveryTime,
        Duration redelivery,
        Duration eventDelay,
        Duration pingInterval,
        Duration connectionLostAfter) {

    /** The defaults of the sandbox. */
    public static SsmOptions standard(String account, String region) {
        return new SsmOptions(
                account,
                region,
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10));
    }

    /** The same without any lag: for tests that are not about it. */
    public SsmOptions immediate() {
        return new SsmOptions(
                account,
                region,
                Duration.ZERO,
                Duration.ZERO,
                redelivery,
                Duration.ZERO,
                pingInterval,
                connectionLostAfter);
    }
}
