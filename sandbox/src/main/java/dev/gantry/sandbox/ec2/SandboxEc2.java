package dev.gantry.sandbox.ec2;

import dev.gantry.sandbox.time.Timers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The instances of the sandbox over machines of any kind: ids, EC2's states, and the software that lives with each
 * machine. Terminated instances stay visible for an hour, as in DescribeInstances.
 */
public final class SandboxEc2 implements Ec2, AutoCloseable {
    private static final Duration SHOWN_AFTER_TERMINATION = Duration.ofHours(1);

    private final MachineFactory factory;
    private final GuestSoftware.Installer installer;
    private final Timers timers;
    private final Problems problems;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /** Gets messages for people, such as a machine that could not boot. */
    public interface Problems {
        void instance(String instanceId, String why);
    }

    public SandboxEc2(MachineFactory factory, GuestSoftware.Installer installer, Timers timers, Problems problems) {
        this.factory = factory;
        this.installer = installer;
        this.timers = timers;
        this.problems = problems;
    }

    /** One instance; its monitor guards its state, and is never held while it calls out. */
    private final class Entry implements Machine.Watcher {
        final String id;
        final LaunchSpec spec;
        final Machine machine;
        final GuestSoftware software;
        private String state = "pending";

        Entry(String id, LaunchSpec spec) {
            this.id = id;
            this.spec = spec;
            this.machine = factory.create(id, spec, this);
            this.software = installer.install(machine, spec);
        }

        synchronized boolean move(String from, String to) {
            if (!state.equals(from)) {
                return false;
            }
            state = to;
            return true;
        }

        synchronized boolean end() {
            if (state.equals("shutting-down") || state.equals("terminated")) {
                return false;
            }
            state = "shutting-down";
            return true;
        }

        synchronized Instance view() {
            return new Instance(id, spec, state, machine.privateIp());
        }

        @Override
        public void up() {
            if (move("pending", "running") || view().state().equals("running")) {
                software.up();
            }
        }

        @Override
        public void down(boolean rebooting) {
            software.down();
            if (!rebooting && !move("stopping", "stopped")) {
                move("running", "stopped");
            }
        }

        @Override
        public void broken(String why) {
            problems.instance(id, why);
        }
    }

    @Override
    public String launch(LaunchSpec spec) {
        byte[] bytes = new byte[9];
        random.nextBytes(bytes);
        String id = "i-0" + HexFormat.of().formatHex(bytes).substring(0, 16);
        Entry entry = new Entry(id, spec);
        entries.put(id, entry);
        timers.after(Duration.ZERO, entry.machine::start);
        return id;
    }

    @Override
    public void stop(String instanceId) {
        entry(instanceId).filter(entry -> entry.move("running", "stopping")).ifPresent(entry -> {
            entry.software.down();
            entry.machine.stop();
        });
    }

    @Override
    public void start(String instanceId) {
        entry(instanceId).filter(entry -> entry.move("stopped", "pending")).ifPresent(entry -> entry.machine.start());
    }

    @Override
    public void terminate(String instanceId) {
        entry(instanceId).filter(Entry::end).ifPresent(entry -> {
            entry.software.terminated();
            entry.machine.terminate();
            entry.move("shutting-down", "terminated");
            timers.after(SHOWN_AFTER_TERMINATION, () -> entries.remove(instanceId));
        });
    }

    /** Restarts the instance's agent, as a repair does. */
    public void restartAgent(String instanceId) {
        entry(instanceId).ifPresent(entry -> {
            entry.software.down();
            entry.software.up();
        });
    }

    @Override
    public Optional<Instance> find(String instanceId) {
        return entry(instanceId).map(Entry::view);
    }

    /** The instance with this address, for the metadata service. */
    public Optional<Instance> findByAddress(String privateIp) {
        return entries.values().stream()
                .map(Entry::view)
                .filter(instance -> instance.privateIp().equals(privateIp))
                .filter(instance -> !instance.state().equals("terminated"))
                .findFirst();
    }

    /** The machine below an instance, for a look inside. */
    public Optional<Machine> machine(String instanceId) {
        return entry(instanceId).map(entry -> entry.machine);
    }

    private Optional<Entry> entry(String instanceId) {
        return Optional.ofNullable(entries.get(instanceId));
    }

    /** Ends every instance. */
    @Override
    public void close() {
        entries.keySet().forEach(this::terminate);
        factory.close();
    }
}
