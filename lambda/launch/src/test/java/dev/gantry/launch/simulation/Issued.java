package dev.gantry.launch.simulation;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands.Command;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.stay.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One command on one instance: what Systems Manager says about it over time, and what really happened. */
final class Issued {
    /** In place of a command's id: over the bastion there is none. */
    static final String OVER_THE_BASTION = "over the bastion";

    final String id;
    final Command command;
    final Machine machine;
    private final List<Past> past = new ArrayList<>();
    /** When the playbook really ended, and whether it succeeded. */
    Optional<Instant> ranUntil = Optional.empty();

    /** When it failed according to its instance, as the bastion reports it. */
    Optional<Instant> failedThere = Optional.empty();

    boolean succeeded;
    boolean isStarted;
    /** ListCommands is eventually consistent: it knows the command from then on. */
    final Instant listedFrom;

    Issued(String id, Command command, Machine machine, Instant listedFrom) {
        this.id = id;
        this.command = command;
        this.machine = machine;
        this.listedFrom = listedFrom;
        past.add(new Past(command.requestedAt(), new Progress.UnderWay("Pending")));
    }

    private record Past(Instant from, Progress progress) {}

    void becomes(Progress progress, Instant now) {
        past.add(new Past(now, progress));
    }

    Progress progress() {
        return past.get(past.size() - 1).progress();
    }

    boolean isEnded() {
        return progress() instanceof Progress.Ended;
    }

    boolean isOverTheBastion() {
        return id.equals(OVER_THE_BASTION);
    }

    /** How the instance's record names it: a command by hand without a run id goes by its own. */
    String run() {
        return command.run().map(RunId::value).orElse(id);
    }

    /** Whether its instance says that it is over, or Systems Manager does. */
    boolean isOver() {
        return isEnded()
                || Guests.known(machine, run()).filter(Guests.Known::isOver).isPresent();
    }

    /** When the run was reported as failed, by Systems Manager or by its instance. */
    Optional<Instant> failedAt() {
        return failedThere.or(this::reportedAsFailed);
    }

    private Optional<Instant> reportedAsFailed() {
        return past.stream()
                .filter(p ->
                        p.progress() instanceof Progress.Ended ended && ended.verdict() instanceof Verdict.RunFailed)
                .map(Past::from)
                .findFirst();
    }

    /** What a list of time {@code t} shows. */
    Optional<Progress> at(Instant t) {
        for (int i = past.size() - 1; i >= 0; i--) {
            if (!past.get(i).from().isAfter(t)) {
                return Optional.of(past.get(i).progress());
            }
        }
        return Optional.empty();
    }
}
