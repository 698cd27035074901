package dev.gantry.launch.simulation;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Commands.Command;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.reconcile.Look;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Systems Manager and the agents: what registers when, what is delivered when, and how runs end. */
final class Ssm {
    private static final Failure BROKEN =
            new Failure("runShellScript", Optional.of("start"), "unit not found", 2, "fatal: unit not found");
    private static final Failure OVERRAN =
            new Failure("runShellScript", Optional.empty(), "ran longer than it may", 137, "");

    private final Timeline timeline;
    private final Faults faults;
    private final Scenario scenario;
    private final Settings settings;
    private final Trace trace;
    private final Dice dice;
    private final Events events;
    private final Bundles bundles;
    private final Map<String, List<Issued>> commands = new TreeMap<>();
    private final Guests guests;
    private Instant awayUntil = Instant.MIN;
    private Instant agentsCutOffUntil = Instant.MIN;

    Ssm(
            Timeline timeline,
            Faults faults,
            Scenario scenario,
            Settings settings,
            Trace trace,
            Dice dice,
            Events events,
            Bundles bundles,
            Guests guests) {
        this.guests = guests;
        this.timeline = timeline;
        this.faults = faults;
        this.scenario = scenario;
        this.settings = settings;
        this.trace = trace;
        this.dice = dice;
        this.events = events;
        this.bundles = bundles;
    }

    Map<String, List<Issued>> commands() {
        return commands;
    }

    /** The instance boots; its agent registers after a while, late, or never. */
    void boot(Machine machine) {
        if (faults.strikes(FaultKind.AGENT_ABSENT) || isBroken(machine)) {
            return;
        }
        boolean isLate = faults.strikes(FaultKind.AGENT_LATE);
        Duration delay = isLate ? faults.of(FaultKind.AGENT_LATE).seconds(120, 3600) : dice.seconds(5, 90);
        int boots = machine.waits.size();
        timeline.in(delay, () -> {
            boolean isSameBoot = machine.waits.size() - boots <= 1;
            if (isSameBoot
                    && !machine.isLeaving()
                    && !machine.isTakenAway
                    && !machine.state().startsWith("Warmed:Stop")) {
                agentUp(machine);
            }
        });
    }

    /** Only fleets with a fallback have such instances. */
    private boolean isBroken(Machine machine) {
        return scenario.hasFallback() && (machine.isWithoutAgent || faults.strikes(FaultKind.AGENT_BROKEN));
    }

    /** No call is answered for a while; in the worse case the agents are cut off, too. */
    void goesAway(Duration time, boolean withItsAgents) {
        awayUntil = timeline.instant().plus(time);
        agentsCutOffUntil = withItsAgents ? awayUntil : Instant.MIN;
        trace.say(() -> "Systems Manager is away for " + time + (withItsAgents ? ", and so are the agents" : ""));
    }

    void comesBack() {
        awayUntil = Instant.MIN;
        agentsCutOffUntil = Instant.MIN;
    }

    boolean isAway() {
        return timeline.instant().isBefore(awayUntil);
    }

    private boolean reaches(Machine machine) {
        Instant now = timeline.instant();
        return machine.hasAgent(now) && !now.isBefore(agentsCutOffUntil);
    }

    private void agentUp(Machine machine) {
        Instant now = timeline.instant();
        machine.agentUp(now, faults.strikes(FaultKind.AGENT_STALE_ONLINE));
        trace.say(() -> machine.id + " its agent is up");
        if (faults.strikes(FaultKind.AGENT_LOSES_CONNECTION)) {
            Instant from = now.plus(dice.seconds(5, 300));
            machine.agentLost(from, from.plus(dice.seconds(30, 900)));
        }
        if (scenario.announces()) {
            events.send(Look.at(machine.id), false);
        }
    }

    /** It stops or terminates, and its runs with it. */
    void stop(Machine machine) {
        guests.stop(machine);
        machine.agentDown(timeline.instant());
    }

    /** Accepts a command, which may not be delivered. */
    String accept(Command command, Collection<Machine> machines) {
        String id = "00000000-0000-4000-8000-" + (100_000_000_000L + commands.size() + 1);
        Duration lag = faults.strikes(FaultKind.LIST_LAGS)
                ? faults.of(FaultKind.LIST_LAGS).seconds(1, 100)
                : Duration.ZERO;
        Instant listedFrom = timeline.instant().plus(lag);
        List<Issued> issued = machines.stream()
                .map(m -> new Issued(id, command, m, listedFrom))
                .toList();
        commands.put(id, issued);
        issued.forEach(one -> {
            one.machine.issued.add(one);
            trace.say(() -> one.machine.id + " has command " + id + " of run " + command.run());
            timeline.in(dice.millis(200, 3000), () -> deliver(one));
            timeline.in(scenario.policy().deliveryTimeout(), () -> timeOut(one));
        });
        return id;
    }

    private void deliver(Issued one) {
        if (one.isEnded()) {
            return;
        } else if (!reaches(one.machine)) {
            one.becomes(new Progress.UnderWay("Delayed"), timeline.instant());
            timeline.in(Duration.ofSeconds(7), () -> deliver(one));
            return;
        } else if (faults.strikes(FaultKind.RUN_REFUSED)) {
            end(one, new Verdict.Refused("AccessDenied"));
            return;
        }
        one.isStarted = true;
        one.becomes(new Progress.UnderWay("InProgress"), timeline.instant());
        Duration limit = scenario.policy().runTimeout();
        if (scenario.hasFallback()) {
            timeline.in(limit.multipliedBy(2).plusSeconds(30), () -> lose(one));
            awaitItsTurn(one, timeline.instant().plus(limit));
            return;
        }
        boolean hangs = faults.strikes(FaultKind.RUN_HANGS);
        Duration length = hangs ? limit : dice.seconds(3, (int) Math.min(120, limit.toSeconds() - 1));
        boolean fails = hangs || fails(one);
        int waits = one.machine.waits.size();
        timeline.in(length, () -> finish(one, waits, hangs, fails));
        timeline.in(limit.plusSeconds(30), () -> lose(one));
    }

    /** The hardened document: by the instance's lock and its record of runs. */
    private void awaitItsTurn(Issued one, Instant until) {
        Optional<Guests.Known> known = Guests.known(one.machine, one.run());
        Instant now = timeline.instant();
        if (one.isEnded() || !Guests.isUp(one.machine)) {
            return;
        } else if (known.filter(k -> k.state() == Guests.State.ENDED).isPresent()) {
            report(one, known.get().verdict());
        } else if (!now.isBefore(until)) {
            report(one, new Verdict.Undelivered("busy: another run had the turn"));
        } else if (Guests.holder(one.machine).isPresent()) {
            timeline.in(Duration.ofSeconds(5), () -> awaitItsTurn(one, until));
        } else {
            guests.begin(one, verdict -> report(one, verdict));
        }
    }

    private void report(Issued one, Verdict verdict) {
        if (!one.isEnded()) {
            end(one, faults.strikes(FaultKind.RUN_MISREPORTED) ? new Verdict.Undelivered("DeliveryTimedOut") : verdict);
        }
    }

    private boolean fails(Issued one) {
        return switch (one.command.bundle().map(bundles::worth).orElse(Bundles.Worth.GOOD)) {
            case GOOD -> faults.strikes(FaultKind.RUN_FAILS);
            case BAD -> true;
            case UNRELIABLE -> dice.chance(0.5);
        };
    }

    private void finish(Issued one, int waits, boolean hangs, boolean fails) {
        boolean isRunning = !one.machine.isLeaving()
                && !one.machine.isTakenAway
                && !one.machine.state().startsWith("Warmed:Stop")
                && one.machine.waits.size() == waits;
        if (!isRunning || one.isEnded()) {
            return;
        }
        one.ranUntil = Optional.of(timeline.instant());
        one.succeeded = !fails;
        if (faults.strikes(FaultKind.RUN_MISREPORTED)) {
            end(one, new Verdict.Undelivered("DeliveryTimedOut"));
        } else {
            end(one, fails ? new Verdict.RunFailed(hangs ? OVERRAN : BROKEN) : new Verdict.Succeeded());
        }
    }

    private void timeOut(Issued one) {
        if (!one.isStarted && !one.isEnded()) {
            end(one, new Verdict.Undelivered("DeliveryTimedOut"));
        }
    }

    /** The instance stopped while the command ran: it never reports. */
    private void lose(Issued one) {
        if (!one.isEnded()) {
            end(one, new Verdict.Undelivered("Terminated"));
        }
    }

    private void end(Issued one, Verdict verdict) {
        one.becomes(new Progress.Ended(verdict), timeline.instant());
        trace.say(() -> one.machine.id + " command " + one.id + " ended: "
                + verdict.getClass().getSimpleName());
        events.send(Look.ended(one.machine.id, one.id), false);
    }

    /** What operators send while an instance waits. */
    void commandsByHand(Machine machine, Machine.Wait wait) {
        if (faults.strikes(FaultKind.COMMAND_BY_HAND)) {
            timeline.in(
                    faults.of(FaultKind.COMMAND_BY_HAND).seconds(5, 600),
                    () -> bundles.release().launchable().ifPresent(bundle -> byHand(machine, wait, bundle)));
        }
        if (faults.strikes(FaultKind.OTHER_COMMAND_BY_HAND)) {
            timeline.in(
                    faults.of(FaultKind.OTHER_COMMAND_BY_HAND).seconds(5, 600),
                    () -> byHand(machine, wait, bundles.upload(Bundles.Worth.GOOD)));
        }
    }

    private void byHand(Machine machine, Machine.Wait wait, BundleId bundle) {
        if (!wait.isOver && machine.hasAgent(timeline.instant())) {
            trace.say(() -> machine.id + " a command by hand, of bundle " + bundle);
            Document document = settings.now().document();
            accept(
                    new Command(
                            document.name(),
                            document.version(),
                            Optional.of(bundle),
                            Optional.empty(),
                            timeline.instant()),
                    List.of(machine));
        }
    }
}
