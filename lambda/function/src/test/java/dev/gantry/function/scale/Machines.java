package dev.gantry.function.scale;

import dev.gantry.aws.scale.Burst;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The group's instances and their commands, as both services know them. */
final class Machines {
    /** From SendCommand to the agent's start, and from a change to its event: AWS publishes neither. */
    static final Duration DELIVERY = Duration.ofSeconds(1);

    private final VirtualTime time;
    private final Burst burst;
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final Events events;
    private int inService;

    /** Receives what Auto Scaling, Systems Manager and the instances send. */
    interface Events {
        void launching(String instance);

        void announced(String instance);

        void invocationEnded(String instance, String command);

        void commandEnded(String command);
    }

    /** One instance; times that are not drawn before are set when they happen. */
    static final class Machine {
        final String id;
        final Instant launched;
        final Instant online;
        final Duration run;
        Optional<Instant> runEnds = Optional.empty();
        Optional<Instant> served = Optional.empty();

        Machine(String id, Instant launched, Instant online, Duration run) {
            this.id = id;
            this.launched = launched;
            this.online = online;
            this.run = run;
        }

        String state() {
            return served.isPresent() ? "InService" : "Pending:Wait";
        }

        /** When it could be in service without any delay. */
        Instant ready() {
            return online.plus(DELIVERY).plus(run);
        }
    }

    /** One command; ended when each of its instances is. */
    record Command(String id, String comment, List<String> instances, Instant requested) {}

    Machines(VirtualTime time, Burst burst, Events events) {
        this.time = time;
        this.burst = burst;
        this.events = events;
        Random random = new Random(burst.seed());
        for (int n = 1; n <= burst.instances(); n++) {
            Instant launched =
                    VirtualTime.START.plusMillis((long) (random.nextDouble() * burst.launchSeconds() * 1000));
            Instant online =
                    launched.plusMillis((long) ((0.15 + 0.85 * random.nextDouble()) * burst.agentSeconds() * 1000));
            Duration run = Duration.ofMillis((long) (burst.runSeconds() * (750 + 500 * random.nextDouble())));
            add(new Machine(String.format("i-%017x", n), launched, online, run));
        }
    }

    private void add(Machine machine) {
        time.at(machine.launched, () -> {
            machines.put(machine.id, machine);
            time.in(DELIVERY, () -> events.launching(machine.id));
        });
        time.at(machine.online, () -> {
            if (burst.announced()) {
                events.announced(machine.id);
            }
        });
        planned.add(machine);
    }

    private final List<Machine> planned = new ArrayList<>();

    List<Machine> planned() {
        return List.copyOf(planned);
    }

    /** Those that are launched. */
    List<Machine> launched() {
        return List.copyOf(machines.values());
    }

    Optional<Machine> find(String id) {
        return Optional.ofNullable(machines.get(id));
    }

    boolean isOnline(String id) {
        return find(id).filter(m -> !m.online.isAfter(time.instant())).isPresent();
    }

    boolean areAllInService() {
        return inService == burst.instances();
    }

    int inService() {
        return inService;
    }

    /** False if there is no action to complete. */
    boolean complete(String id, String result) {
        if (!result.equals("CONTINUE")) {
            throw new IllegalStateException(id + " is abandoned in a burst in which nothing is wrong");
        }
        Optional<Machine> machine = find(id).filter(m -> m.served.isEmpty());
        machine.ifPresent(m -> {
            m.served = Optional.of(time.instant());
            inService++;
        });
        return machine.isPresent();
    }

    Command send(String comment, List<String> instances) {
        String id = String.format("00000000-0000-4000-8000-%012x", commands.size() + 1);
        Command command = new Command(id, comment, List.copyOf(instances), time.instant());
        commands.put(id, command);
        Instant last = time.instant();
        for (String instance : instances) {
            Machine machine = find(instance).orElseThrow();
            Instant ends = time.instant().plus(DELIVERY).plus(machine.run);
            machine.runEnds = Optional.of(ends);
            time.at(ends.plus(DELIVERY), () -> events.invocationEnded(instance, id));
            last = ends.isAfter(last) ? ends : last;
        }
        time.at(last.plus(DELIVERY), () -> events.commandEnded(id));
        return command;
    }

    Optional<Command> command(String id) {
        return Optional.ofNullable(commands.get(id));
    }

    List<Command> commands() {
        return List.copyOf(commands.values());
    }

    /** A run is a success once it has ended. */
    boolean hasSucceeded(String instance) {
        return find(instance)
                .flatMap(m -> m.runEnds)
                .filter(ends -> !ends.isAfter(time.instant()))
                .isPresent();
    }
}
