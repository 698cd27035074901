package dev.gantry.launch.decide;

import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** From an observation to exactly one decision. Pure: no clock, no I/O. */
public final class DecisionTable {
    /** First interval between looks for an absent agent; the handler lets it grow to 30 s. */
    public static final Duration AGENT_LOOK = Duration.ofSeconds(5);

    /** Interval between looks while a configuration error lasts. */
    public static final Duration MISTAKE_LOOK = Duration.ofSeconds(30);

    /** The rules for an instance at its gate, in the order in which they are read: the first one that applies decides. */
    static final List<Rule> AT_THE_GATE = List.of(
            new Rule("the stay is closed", ClosingRules::closed),
            new Rule("kept alive until AWS accepts the completion", ClosingRules::keptAliveUntilAccepted),
            new Rule("AWS may have accepted the completion", ClosingRules::perhapsAccepted),
            new Rule("its end is in the ledger", ClosingRules::intended),
            new Rule("the fleet is observed", EndRules::observed),
            new Rule("an operator holds it", OperatorRules::held),
            new Rule("a run succeeded", EndRules::provisioned),
            new Rule("the fleet has no settings", KeepRules::withoutSettings),
            new Rule("the heartbeat is due", KeepRules::renewed),
            new Rule("an operator has it run once more", OperatorRules::retried),
            new Rule("its bundle was quarantined", EndRules::quarantined),
            new Rule("too many runs failed", EndRules::failed),
            new Rule("the launch deadline has passed", EndRules::late),
            new Rule("the bastion takes over", BastionFallback::due),
            new Rule("a run is under way", RunRules::underWay),
            new Rule("the fleet, or looking at it, has a problem", KeepRules::troubled),
            new Rule("there is no bundle", KeepRules::withoutBundle),
            new Rule("EC2 takes the instance back", KeepRules::interrupted),
            new Rule("the agent is away", RunRules::agentAway),
            new Rule("the next run waits", KeepRules::betweenRuns),
            new Rule("the next run begins", RunRules::run));

    private DecisionTable() {}

    /** The decision about one instance now. */
    public static Decision decide(Observation o) {
        return switch (o.lifecycle()) {
            case ARRIVING -> Waits.of(Reason.HOOK, AGENT_LOOK, "the lifecycle hook does not hold the instance yet");
            case UNKNOWN -> Waits.of(Reason.STATE, AGENT_LOOK, "the instance is in a state that Gantry does not know");
            case IN_SERVICE, AWAY -> passed(o);
            case LEAVING -> new Ignore("the instance is leaving the group");
            case AT_WARM_GATE, AT_SERVICE_GATE -> o.stay()
                    .map(stay -> atTheGate(new AtGate(o, stay)))
                    .orElseGet(
                            () -> Waits.of(
                                    Reason.STATE,
                                    AGENT_LOOK,
                                    "the instance is described at a gate, and its record is newer than the description may be"));
        };
    }

    /** A young stay's description may be older than its wait. Every other stay's end is known by now. */
    private static Decision passed(Observation o) {
        return o.stay().map(Stay::closedAt).filter(Optional::isEmpty).isPresent()
                ? Waits.of(
                        Reason.STATE, AGENT_LOOK, "the instance is described beyond the gate, perhaps as it was before")
                : new Ignore("the instance has passed the gate");
    }

    private static Decision atTheGate(AtGate at) {
        return AT_THE_GATE.stream()
                .flatMap(rule -> rule.decide().apply(at).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no rule applies to " + at));
    }

    /** The name of the rule that decides about an instance at its gate; empty for an instance that is not at a gate. */
    public static Optional<String> ruleFor(Observation o) {
        return o.lifecycle().gate().flatMap(gate -> o.stay()).flatMap(stay -> AT_THE_GATE.stream()
                .filter(rule -> rule.decide().apply(new AtGate(o, stay)).isPresent())
                .map(Rule::name)
                .findFirst());
    }
}
