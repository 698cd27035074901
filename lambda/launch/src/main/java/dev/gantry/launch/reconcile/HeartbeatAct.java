package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Groups.Answer;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Renews the hook's heartbeat. It is a probe, too: where the hook has no active action although the instance waits, another
 * hook holds it, and there is nothing here for Gantry to do.
 */
final class HeartbeatAct {
    private final Groups groups;
    private final Journal journal;
    private final InstantSource clock;

    HeartbeatAct(Groups groups, Journal journal, InstantSource clock) {
        this.groups = groups;
        this.journal = journal;
        this.clock = clock;
    }

    /** The cases that were renewed, to be decided anew in the same pass. */
    List<Case> extend(Pass pass, List<Case> due) {
        return due.stream().flatMap(c -> extend(pass, c).stream()).toList();
    }

    /**
     * Renews instances whose record cannot be read, at every look because nobody knows when they were renewed last: a broken
     * record must not kill. In observe mode the hook's own default lets them pass.
     */
    void keep(Pass pass, List<InstanceId> unread) {
        if (pass.fleet().policy().mode() == Policy.Mode.OBSERVE) {
            return;
        }
        for (InstanceId instance : unread) {
            try {
                groups.heartbeat(pass.fleet().name(), pass.fleet().hook(), instance);
            } catch (GantryException e) {
                pass.failed(instance, e);
            }
        }
    }

    private Optional<Case> extend(Pass pass, Case c) {
        Instant asked = clock.instant();
        try {
            Answer answer = groups.heartbeat(pass.fleet().name(), pass.fleet().hook(), c.instance());
            // Where an end is intended, the completion that follows finds out why there is no active action.
            if (answer == Answer.ACCEPTED || !c.stay().isOpen()) {
                return Optional.of(c.with(c.stay().withHeartbeat(asked)));
            }
            notActive(pass, c);
        } catch (GantryException e) {
            pass.failed(c, e);
        }
        return Optional.empty();
    }

    private void notActive(Pass pass, Case c) {
        boolean isKnown =
                c.loaded().stay().filter(s -> s.number() == c.stay().number()).isPresent();
        // Without settings the hook's name is a guess: that it has no action says nothing about the real one.
        boolean isOurHook = pass.fleet().policy().mode() != Policy.Mode.UNKNOWN;
        boolean wasActive = isOurHook && isKnown && c.stay().heartbeatAt().isPresent();
        if (wasActive) {
            pass.store(List.of(c.with(elsewhere(c.stay()))));
        }
        String why = "the instance waits, but not for hook " + pass.fleet().hook()
                + ": its action is not active yet, or is over";
        pass.decided(c.instance(), new Decision.Wait(Reason.HOOK, Optional.of(DecisionTable.AGENT_LOOK), why));
        journal.log(
                "no_active_action",
                Map.of(
                        "fleet", pass.fleet().name().value(),
                        "instance", c.instance().value(),
                        "stay", c.stay().number(),
                        "closed", wasActive));
    }

    private Stay elsewhere(Stay stay) {
        return stay.withClosing(Closing.elsewhere(
                "the hook's action was completed or expired without Gantry, while another hook held the instance",
                clock.instant()));
    }
}
