package dev.gantry.launch.twin;

import dev.gantry.launch.decide.Observation;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.fleet.Policy.Mode;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Channel;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Opening;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Every possible observation, with times on, before and after each limit of its policy. */
public final class Observations {
    public static final Instant NOW = World.START;
    private static final InstanceId INSTANCE = new InstanceId("i-00000000000000001");

    private Observations() {}

    /** LifecycleStates as AWS writes them (Auto Scaling user guide, "instance lifecycle"), and some that it never wrote. */
    public static final List<String> STATES = List.of(
            "Pending",
            "Pending:Wait",
            "Pending:Proceed",
            "InService",
            "EnteringStandby",
            "Standby",
            "Quarantined",
            "ReplacingRootVolume",
            "ReplacingRootVolume:Wait",
            "ReplacingRootVolume:Proceed",
            "RootVolumeReplaced",
            "Terminating",
            "Terminating:Wait",
            "Terminating:Proceed",
            "Terminating:Retained",
            "Terminated",
            "Detaching",
            "Detached",
            "Warmed:Pending",
            "Warmed:Pending:Wait",
            "Warmed:Pending:Proceed",
            "Warmed:Pending:Retained",
            "Warmed:Terminating",
            "Warmed:Terminating:Wait",
            "Warmed:Terminating:Proceed",
            "Warmed:Terminating:Retained",
            "Warmed:Terminated",
            "Warmed:Stopped",
            "Warmed:Running",
            "Warmed:Hibernated",
            "",
            "pending:wait",
            "Pending:Meditating");

    public static Arbitrary<Observation> all() {
        return of(Arbitraries.of(STATES));
    }

    /** Held at a gate, so that there is something to decide. */
    public static Arbitrary<Observation> atAGate() {
        return of(Arbitraries.of("Pending:Wait", "Warmed:Pending:Wait"));
    }

    /** Held in an open stay, in a fleet that is not only observed. */
    public static Arbitrary<Observation> open() {
        return atAGate()
                .filter(o ->
                        o.stay().orElseThrow().isOpen() && o.fleet().policy().mode() == Mode.ENFORCE);
    }

    /** Held in a fleet whose settings are missing or broken, around that fleet's own launch deadline. */
    public static Arbitrary<Observation> withoutSettings() {
        return of(
                Arbitraries.of("Pending:Wait", "Warmed:Pending:Wait"),
                stays(Policy.WITHOUT_SETTINGS),
                Arbitraries.just(Policy.WITHOUT_SETTINGS));
    }

    /** Held in an open stay about which operators asked for something. */
    public static Arbitrary<Observation> asked() {
        return Combinators.combine(open(), interventions()).as((o, intervention) -> {
            Stay stay = o.stay().orElseThrow().with(intervention);
            return o.with(stay);
        });
    }

    private static Arbitrary<Intervention> interventions() {
        Arbitrary<Instant> untils = Arbitraries.of(-60L, 0L, 1L, 600L, 7200L).map(NOW::plusSeconds);
        return Combinators.combine(
                        untils.map(until -> new Intervention.Hold(until, "anna", NOW.minusSeconds(60)))
                                .optional(),
                        Combinators.combine(Arbitraries.integers().between(1, 4), untils)
                                .as((run, until) -> new Intervention.Retry(run, until, "anna", NOW.minusSeconds(60)))
                                .optional())
                .as(Intervention::new);
    }

    private static Arbitrary<Observation> of(Arbitrary<String> states) {
        return of(states, stays(Policy.DEFAULT), policies());
    }

    private static Arbitrary<Observation> of(
            Arbitrary<String> states, Arbitrary<Stay> stays, Arbitrary<Policy> policies) {
        return Combinators.combine(states, stays, agents(), releases(), troubles(), policies, said())
                .as((state, stay, agent, release, trouble, policy, said) -> {
                    Lifecycle lifecycle = Lifecycle.of(state);
                    return new Observation(
                            NOW,
                            new Observation.Terms(World.fleet(World.WEB, policy, World.HOOK), release, World.TAKEOVER),
                            lifecycle,
                            Optional.of(at(lifecycle.gate().orElse(Gate.SERVICE), stay)),
                            agent,
                            said.flatMap(s -> reply(stay, s)),
                            trouble);
                });
    }

    /** The last answer, and its time before or after the last question. */
    private record Words(Said said, long after) {}

    private static Arbitrary<Optional<Words>> said() {
        return Combinators.combine(
                        Arbitraries.of(
                                new Said.UnderWay(),
                                new Said.Busy("run-00000000"),
                                new Said.Unknown(),
                                new Said.Failed(Trouble.Kind.RETRYABLE, "the bastion is away"),
                                new Said.Failed(Trouble.Kind.MISCONFIGURED, "the host key has changed")),
                        Arbitraries.of(-30L, 0L, 0L, 1L))
                .as(Words::new)
                .optional(0.7);
    }

    /** Nothing is read about a run that is over. */
    private static Optional<Reply> reply(Stay stay, Words words) {
        return stay.lastAttempt().filter(Attempt::isUnderWay).flatMap(run -> run.detour()
                .map(detour ->
                        new Reply(run.runId(), INSTANCE, detour.askedAt().plusSeconds(words.after()), words.said())));
    }

    private static Stay at(Gate gate, Stay stay) {
        return new Stay(
                new Opening(stay.number(), gate, stay.token(), stay.openedAt(), stay.earlierClosed()),
                stay.heartbeatAt(),
                stay.attempts(),
                stay.trouble(),
                stay.silence(),
                stay.intervention(),
                stay.interruptedAt(),
                stay.closing());
    }

    private static Arbitrary<Stay> stays(Policy policy) {
        return Combinators.combine(
                        ago(policy.launchDeadline()),
                        ago(policy.renewal()).optional(),
                        ago(Duration.ofMinutes(5)).optional(0.3),
                        attempts(),
                        troubles(),
                        silences(),
                        ago(Duration.ofMinutes(5)).optional(0.1),
                        closings())
                .as((opened, heartbeat, earlier, attempts, trouble, silence, interrupted, closing) -> new Stay(
                        new Opening(earlier.isPresent() ? 2 : 1, Gate.SERVICE, Optional.of("token"), opened, earlier),
                        heartbeat,
                        attempts,
                        trouble,
                        silence,
                        Intervention.NONE,
                        interrupted,
                        closing));
    }

    private static Arbitrary<Optional<Silence>> silences() {
        return Combinators.combine(Arbitraries.of(1, 2, 3, 4), Arbitraries.of(0, 59, 60, 61))
                .as((looks, seconds) -> new Silence(looks, NOW.minusSeconds(seconds), NOW))
                .optional(0.4);
    }

    /** Times around a limit, around now, and any in between. */
    private static Arbitrary<Instant> ago(Duration limit) {
        long seconds = limit.toSeconds();
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(
                                1, Arbitraries.of(0L, 1L, seconds - 1, seconds, seconds + 1, 2 * seconds)),
                        net.jqwik.api.Tuple.of(2, Arbitraries.longs().between(0, 2 * seconds)))
                .map(NOW::minusSeconds);
    }

    private static Arbitrary<List<Attempt>> attempts() {
        Arbitrary<List<Verdict>> ended = verdicts().list().ofMaxSize(3);
        return Combinators.combine(
                        ended, bundles(), ago(Duration.ofSeconds(60)), Arbitraries.of(Channel.values()), underWay())
                .as((verdicts, bundle, at, way, last) -> {
                    List<Attempt> attempts = new ArrayList<>();
                    for (Verdict verdict : verdicts) {
                        Attempt run = claimed(attempts.size() + 1, bundle, at.minusSeconds(60));
                        attempts.add(sent(run, way).ended(at, verdict));
                    }
                    last.ifPresent(a -> attempts.add(numbered(attempts.size() + 1, a)));
                    return attempts;
                });
    }

    private static Attempt sent(Attempt run, Channel channel) {
        return channel == Channel.SSM
                ? run.sent("command")
                : run.overTheBastion("owner", "SSM is away", run.claimedAt());
    }

    private static Attempt claimed(int number, BundleId bundle, Instant at) {
        return Attempt.claimed(number, new RunId("run-0000000" + number), "owner", bundle, at);
    }

    private static Attempt numbered(int number, Attempt a) {
        return new Attempt(number, a.runId(), a.bundle(), a.claim(), a.commandId(), a.absence(), a.detour(), a.end());
    }

    private static Arbitrary<Optional<Attempt>> underWay() {
        return Combinators.combine(
                        bundles(),
                        ago(World.TAKEOVER),
                        Arbitraries.of(-2, -1, 0, 0, 1, 2, 3),
                        ago(Duration.ofMinutes(1)))
                .as((bundle, claimed, looks, first) -> {
                    Attempt attempt = claimed(9, bundle, claimed);
                    if (looks == 0) {
                        return attempt.sent("command");
                    } else if (looks < 0) {
                        Attempt known = looks == -1 ? attempt.sent("command") : attempt;
                        return known.overTheBastion("owner", "SSM is away", claimed)
                                .asked(first);
                    }
                    for (int n = 1; n < looks; n++) {
                        attempt = attempt.notFound(n == 1 ? first : NOW);
                    }
                    return attempt.notFound(NOW);
                })
                .optional(0.4);
    }

    public static Arbitrary<Verdict> verdicts() {
        return Arbitraries.of(
                new Verdict.Succeeded(),
                new Verdict.RunFailed(World.BROKEN_PLAY),
                new Verdict.RunFailed(World.BROKEN_PLAY),
                new Verdict.Undelivered("DeliveryTimedOut"),
                Verdict.Undelivered.bySurroundings("signal: terminated"),
                new Verdict.Refused("AccessDenied"));
    }

    private static Arbitrary<BundleId> bundles() {
        return Arbitraries.of(World.FIRST, World.SECOND);
    }

    private static Arbitrary<Optional<Closing>> closings() {
        return Arbitraries.of(
                        closing(Closing.Kind.PROVISIONED, Optional.empty()),
                        closing(Closing.Kind.OBSERVED, Optional.empty()),
                        closing(Closing.Kind.ABANDONED, Optional.empty()),
                        closing(Closing.Kind.PROVISIONED, Optional.of(NOW)),
                        closing(Closing.Kind.ABANDONED, Optional.of(NOW)),
                        closing(Closing.Kind.ELSEWHERE, Optional.empty()),
                        closing(Closing.Kind.ELSEWHERE, Optional.of(NOW)))
                .optional(0.15);
    }

    private static Closing closing(Closing.Kind kind, Optional<Instant> done) {
        return new Closing(kind, Optional.empty(), "decided before", Optional.empty(), NOW, done);
    }

    private static Arbitrary<Agent> agents() {
        return Arbitraries.oneOf(
                Arbitraries.of(Agent.ABSENT, new Agent(true, Optional.empty()), new Agent(true, Optional.of(NOW))),
                Combinators.combine(Arbitraries.of(true, false), ago(Duration.ofMinutes(5)))
                        .as((online, ping) -> new Agent(online, Optional.of(ping))));
    }

    private static Arbitrary<Release> releases() {
        return Combinators.combine(
                        Arbitraries.of(Optional.of(World.FIRST), Optional.of(World.SECOND), Optional.<BundleId>empty()),
                        Arbitraries.of(
                                Map.<BundleId, String>of(),
                                Map.<BundleId, String>of(),
                                Map.of(World.FIRST, "failures"),
                                Map.of(World.FIRST, "failures", World.SECOND, "failures")))
                .as((current, quarantined) -> new Release(current, Optional.empty(), quarantined, BreakerState.CLOSED));
    }

    private static Arbitrary<Optional<Trouble>> troubles() {
        return Arbitraries.of(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Trouble(Trouble.Kind.RETRYABLE, "Rate exceeded", NOW)),
                Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, "no such document", NOW)));
    }

    private static Arbitrary<Policy> policies() {
        return Combinators.combine(
                        Arbitraries.of(1, 2),
                        Arbitraries.of(Duration.ZERO, Duration.ofSeconds(30), Duration.ofMinutes(10)),
                        Arbitraries.of(Mode.ENFORCE, Mode.ENFORCE, Mode.OBSERVE, Mode.UNKNOWN),
                        Arbitraries.of(
                                Fallback.NEVER,
                                Fallback.whenUnreachable(Duration.ofSeconds(1)),
                                Fallback.whenUnreachable(Duration.ofMinutes(40))))
                .as((attempts, hold, mode, fallback) ->
                        Policies.of(attempts, hold, mode).with(fallback));
    }
}
