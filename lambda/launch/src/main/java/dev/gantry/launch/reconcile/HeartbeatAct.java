package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Groups.ActionResult;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * Renews the hook's heartbeat. This is also a probe: if the hook has no active action although the instance waits, another hook
 * holds it, and Gantry has nothing to do.
 */
final class HeartbeatAct {
    private final Groups groups;
    private final LedgerWriter ledger;
    private final Journal journal;
    private final InstantSource clock;

    HeartbeatAct(Groups groups, LedgerWriter ledger, Journal journal, InstantSource clock) {
        this.groups = groups;
        this.ledger = ledger;
        this.journal = journal;
        this.clock = clock;
    }

    /** Renews these; the answer has those that were renewed, to be decided again in the same round. */
    Acted extend(FleetFacts facts, List<ObservedInstance> due) {
        Acted extended = Acted.NOTHING;
        for (ObservedInstance c : due) {
            extended = extended.then(extend(facts, c));
        }
        return extended;
    }

    /**
     * Renews instances whose record cannot be read, at every look, because the time of their last renewal is not known: a
     * broken record must not end an instance. In observe mode the hook's own default lets them pass.
     */
    Outcomes keep(FleetFacts facts, List<InstanceId> unread) {
        Outcomes outcomes = Outcomes.NONE;
        if (facts.policy().mode() == Policy.Mode.OBSERVE) {
            return outcomes;
        }
        for (InstanceId instance : unread) {
            try {
                groups.heartbeat(facts.name(), facts.fleet().hook(), instance);
            } catch (GantryException e) {
                outcomes = outcomes.then(Outcomes.failed(instance, e));
            }
        }
        return outcomes;
    }

    private Acted extend(FleetFacts facts, ObservedInstance c) {
        Instant asked = clock.instant();
        try {
            ActionResult answer = groups.heartbeat(facts.name(), facts.fleet().hook(), c.instance());
            // Where an end is intended, the completion that follows finds out why there is no active action.
            return answer == ActionResult.ACCEPTED || !c.stay().isOpen()
                    ? Acted.on(c.with(c.stay().withHeartbeat(asked)))
                    : Acted.none(notActive(facts, c));
        } catch (GantryException e) {
            return Acted.none(Outcomes.failed(c, e));
        }
    }

    private Outcomes notActive(FleetFacts facts, ObservedInstance c) {
        boolean isKnown =
                c.loaded().stay().filter(s -> s.number() == c.stay().number()).isPresent();
        boolean wasActive =
                facts.isHookKnown() && isKnown && c.stay().heartbeatAt().isPresent();
        Outcomes stored = wasActive
                ? ledger.store(facts.name(), List.of(c.with(elsewhere(c.stay()))))
                        .outcomes()
                : Outcomes.NONE;
        journal.log(
                EventType.NO_ACTIVE_ACTION,
                Map.of(
                        "fleet", facts.name().value(),
                        "instance", c.instance().value(),
                        "stay", c.stay().number(),
                        "closed", wasActive));
        return stored.then(Outcomes.wait(
                c.instance(),
                Reason.HOOK,
                "the instance waits, but not for hook " + facts.fleet().hook()
                        + ": its action is not active yet, or is over"));
    }

    private Stay elsewhere(Stay stay) {
        return stay.withClosing(Closing.elsewhere(
                "the hook's action was completed or expired without Gantry, while another hook held the instance",
                clock.instant()));
    }
}
