package dev.gantry.launch.reconcile;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.reconcile.Operator.Response;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an operator asks of one waiting instance. It is written to the instance's record, by the same conditional writes as
 * everything else; the decision table does the rest at the next look. Every call may throw a {@link GantryException}.
 */
public final class Interventions {
    /** A record that was written by another worker in between is read again; sweeps come once a minute. */
    private static final int TRIES = 5;

    private final Ports ports;

    public Interventions(Ports ports) {
        this.ports = ports;
    }

    /** An open stay, and the fleet that it is of. */
    private record Waiting(InstanceId instance, Fleet fleet, Ledger.Entry entry, Stay stay) {
        Policy policy() {
            return fleet.policy();
        }
    }

    /** What is to be changed: the stay with it, and one sentence about what is so now. */
    private record Change(Intervention intervention, String message) {}

    /** Why an operator's wish is not fulfilled. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    @FunctionalInterface
    private interface Wish {
        Change of(Waiting waiting, Instant now);
    }

    /** Keeps it at its gate for this long, for a look. */
    public Response hold(InstanceId instance, Duration time, String by) {
        return change("hold", instance, by, (waiting, now) -> {
            Instant until = now.plus(time);
            Instant latest = latest(waiting);
            if (until.isAfter(latest)) {
                throw new Refusal("instance " + instance + " can be held until " + latest
                        + " at the latest: AWS ends the wait itself after 48 hours or 100 heartbeats");
            }
            return new Change(
                    waiting.stay().intervention().with(new Intervention.Hold(until, by, now)),
                    "instance " + instance + " is held until " + until
                            + ": it is neither let go nor abandoned, and no run begins");
        });
    }

    /** Takes a hold back: the instance is decided about as before. */
    public Response unhold(InstanceId instance, String by) {
        return change("unhold", instance, by, (waiting, now) -> {
            if (waiting.stay()
                    .intervention()
                    .hold()
                    .filter(hold -> now.isBefore(hold.until()))
                    .isEmpty()) {
                throw new Refusal("no operator holds instance " + instance);
            }
            return new Change(
                    waiting.stay().intervention().with(new Intervention.Hold(now, by, now)),
                    "instance " + instance + " is no longer held");
        });
    }

    /** Has it run the bundle once more, however many runs have failed; a hold goes on after that run. */
    public Response retry(InstanceId instance, String by) {
        return change("retry", instance, by, (waiting, now) -> {
            Optional<Attempt> last = waiting.stay().lastAttempt();
            last.filter(Attempt::isUnderWay).ifPresent(run -> {
                throw new Refusal(
                        "run " + run.number() + " of instance " + instance + " is under way: wait for its end");
            });
            int number = last.map(Attempt::number).orElse(0) + 1;
            Policy policy = waiting.policy();
            Instant until =
                    now.plus(policy.deliveryTimeout()).plus(policy.runTimeout()).plus(ports.takeover());
            if (until.isAfter(latest(waiting))) {
                throw new Refusal("there is no time for another run of instance " + instance
                        + ": AWS ends the wait itself after 48 hours or 100 heartbeats");
            }
            return new Change(
                    waiting.stay().intervention().with(new Intervention.Retry(number, until, by, now)),
                    "instance " + instance + " runs once more: run " + number);
        });
    }

    private static Instant latest(Waiting waiting) {
        return waiting.stay()
                .openedAt()
                .plus(Policy.longestWait(waiting.policy().heartbeat()))
                .minus(Intervention.MARGIN);
    }

    private Response change(String action, InstanceId instance, String by, Wish wish) {
        try {
            for (int tries = 0; tries < TRIES; tries++) {
                Waiting waiting = waiting(instance);
                Change change = wish.of(waiting, ports.clock().instant());
                if (write(waiting, change)) {
                    log(action, waiting, by, change);
                    return new Response(true, change.message());
                }
            }
        } catch (Refusal e) {
            return new Response(false, String.valueOf(e.getMessage()));
        }
        return new Response(
                false, "others write to the record of instance " + instance + " all the time: try again in a minute");
    }

    private boolean write(Waiting waiting, Change change) {
        Ledger.Entry changed = waiting.entry().with(waiting.stay().with(change.intervention()));
        return value(ports.ledger()
                        .write(waiting.fleet().name(), Map.of(waiting.instance(), changed))
                        .get(waiting.instance()))
                .isPresent();
    }

    private Waiting waiting(InstanceId instance) {
        Member member = Optional.ofNullable(
                        ports.groups().describe(List.of(instance)).get(instance))
                .orElseThrow(() -> new Refusal("instance " + instance + " is in no Auto Scaling group"));
        Gate gate = Lifecycle.of(member.state())
                .gate()
                .orElseThrow(() -> new Refusal(
                        "instance " + instance + " does not wait at its launch hook: it is " + member.state()));
        Fleet fleet = fleet(member.group());
        Ledger.Entry entry =
                value(ports.ledger().load(fleet.name(), List.of(instance)).get(instance));
        Stay stay = entry.stay()
                .filter(open -> open.gate() == gate && open.closedAt().isEmpty())
                .orElseThrow(() -> new Refusal("Gantry has not looked at this wait of instance " + instance
                        + " yet: look at it, then ask again"));
        stay.closing().ifPresent(end -> {
            throw new Refusal("the end of instance " + instance + " is decided already: " + end.why());
        });
        return new Waiting(instance, fleet, entry, stay);
    }

    private Fleet fleet(FleetName name) {
        Fleets.View view = ports.fleets()
                .find(name)
                .orElseThrow(() -> new Refusal("group " + name + " has no settings, so it is no fleet of Gantry's"));
        Fleet fleet = view.fleet();
        if (fleet.policy().mode() == Policy.Mode.OBSERVE) {
            throw new Refusal("fleet " + name + " is only observed: Gantry holds none of its instances");
        } else if (fleet.policy().mode() == Policy.Mode.UNKNOWN) {
            throw new Refusal("the settings of fleet " + name + " cannot be used, so its waits have no known limit: "
                    + view.trouble().map(trouble -> trouble.message()).orElse("repair them first"));
        }
        return fleet;
    }

    private static <T> T value(Result<T> result) {
        if (result instanceof Result.Ok<T> ok) {
            return ok.value();
        }
        throw ((Result.Err<T>) result).error();
    }

    private void log(String action, Waiting waiting, String by, Change change) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("action", action);
        fields.put("by", by);
        fields.put("fleet", waiting.fleet().name().value());
        fields.put("instance", waiting.instance().value());
        fields.put("stay", waiting.stay().number());
        fields.put("message", change.message());
        ports.journal().log(EventType.INTERVENED, fields);
    }
}
