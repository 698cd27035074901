package dev.gantry.launch.simulation;

import dev.gantry.launch.fleet.BreakerLimits;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.fleet.PolicyBuilder;
import dev.gantry.launch.id.BundleId;
import java.time.Duration;
import java.util.Optional;

/**
 * The kind of fleet that a seed has.
 *
 * @param instances launched from the beginning on
 * @param replacements how many launches may follow an abandonment; bounded so that a bad bundle ends
 * @param hasWarmPool instances pass the warm gate first, are stopped, and come back
 * @param reuses on scale-in instances go back to the warm pool
 * @param hasSecondHook somebody else's launch hook holds the instances, too
 * @param announces instances send a message once their agent is up
 * @param standbyIsHooked whether an instance that leaves standby is held by the launch hook; AWS does not say that it is not
 * @param faultsFor how long faults strike
 */
record Scenario(
        Fleet fleet,
        int instances,
        int replacements,
        boolean hasWarmPool,
        boolean reuses,
        boolean hasSecondHook,
        boolean announces,
        boolean standbyIsHooked,
        Duration faultsFor) {
    static final FleetName WEB = new FleetName("web");
    static final Document HARDENED = new Document(Document.HARDENED, "7", Optional.empty());
    static final Document DOCUMENT = new Document("AWS-ApplyAnsiblePlaybooks", "7", Optional.empty());
    private static final double FALLBACKS = 0.35;

    static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(60);
    static final Duration TAKEOVER = FUNCTION_TIMEOUT.plusSeconds(60);

    static Scenario of(long seed) {
        Dice dice = new Dice(seed, "scenario");
        boolean hasWarmPool = dice.chance(0.3);
        Dice second = new Dice(seed, "fallback");
        boolean hasFallback = second.chance(FALLBACKS);
        return new Scenario(
                new Fleet(
                        WEB,
                        dice.chance(0.25) ? "launch/gate" : Fleet.DEFAULT_HOOK,
                        hasFallback ? HARDENED : DOCUMENT,
                        "playbook.yml",
                        "SSM=True",
                        false,
                        "-v",
                        hasFallback ? fallingBack(policy(dice), second) : policy(dice)),
                dice.between(1, 3),
                dice.chance(0.3) ? dice.between(3, 12) : dice.between(0, 2),
                hasWarmPool,
                hasWarmPool && dice.chance(0.5),
                dice.chance(0.15),
                dice.chance(0.3),
                dice.chance(0.5),
                dice.seconds(300, 3000));
    }

    static BundleId bundle(int n) {
        return new BundleId(String.format("%064x", n));
    }

    private static Policy policy(Dice dice) {
        Duration agent = whole(dice.seconds(60, 300));
        int attempts = dice.between(1, 3);
        Duration backoff = whole(dice.seconds(5, 60));
        Duration delivery = whole(dice.seconds(30, 120));
        Duration run = whole(dice.seconds(60, 240));
        Duration needed = agent.plus(delivery.plus(run).multipliedBy(attempts)).plus(Duration.ofMinutes(5));
        return new PolicyBuilder()
                .launchDeadline(needed.plus(whole(dice.seconds(0, 600))))
                .agentDeadline(agent)
                .attempts(attempts)
                .backoff(backoff)
                .deliveryTimeout(delivery)
                .runTimeout(run)
                .heartbeat(whole(dice.seconds(240, 1800)))
                .hold(dice.chance(0.2) ? whole(dice.seconds(60, 600)) : Duration.ZERO)
                .mode(dice.chance(0.1) ? Policy.Mode.OBSERVE : Policy.Mode.ENFORCE)
                .breaker(new BreakerLimits(dice.between(1, 3), dice.between(1, 6)))
                .build();
    }

    private static Duration whole(Duration time) {
        return Duration.ofSeconds(time.toSeconds());
    }

    /** Early enough for each deadline to which the settings may be changed. */
    private static Policy fallingBack(Policy policy, Dice dice) {
        Duration latest = policy.agentDeadline().plus(policy.deliveryTimeout()).plusMinutes(3);
        return policy.with(Fallback.whenUnreachable(whole(dice.seconds(20, (int) latest.toSeconds()))));
    }

    /** The same fleet without a fallback, as before there was one. */
    Scenario withoutFallback() {
        Fleet f = fleet;
        Fleet plain = new Fleet(
                f.name(),
                f.hook(),
                DOCUMENT,
                f.playbook(),
                f.extraVariables(),
                f.installDependencies(),
                f.verbose(),
                f.policy().with(Fallback.NEVER));
        return new Scenario(
                plain,
                instances,
                replacements,
                hasWarmPool,
                reuses,
                hasSecondHook,
                announces,
                standbyIsHooked,
                faultsFor);
    }

    /** Whether events say which gate an instance waits at: with a warm pool they always do. */
    boolean namesGates() {
        return hasWarmPool || instances % 2 == 0;
    }

    boolean hasFallback() {
        return policy().fallback().isUsed();
    }

    Policy policy() {
        return fleet.policy();
    }
}
