package dev.gantry.sandbox.ec2;

import dev.gantry.sandbox.time.Timers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes simulated machines, with addresses of 10.0.0.0/8 that nothing answers at. */
public final class SimulatedFactory implements MachineFactory {
    private final Timers timers;
    private final Times times;
    private final Script script;
    private final AtomicInteger made = new AtomicInteger();

    /** How long a machine takes to boot and to shut down. */
    public record Times(Duration boot, Duration shutdown) {}

    public SimulatedFactory(Timers timers, Times times, Script script) {
        this.timers = timers;
        this.times = times;
        this.script = script;
    }

    @Override
    public Machine create(String instanceId, Ec2.LaunchSpec spec, Machine.Watcher watcher) {
        int number = made.getAndIncrement();
        String ip = "10." + (number / 62_500 % 250 + 1) + "." + (number / 250 % 250) + "." + (number % 250 + 4);
        return new SimulatedMachine(instanceId, ip, spec, watcher, timers, times, script);
    }

    @Override
    public Optional<InetAddress> hostAddress() {
        return Optional.empty();
    }

    @Override
    public void close() {
        // Nothing is held outside of the JVM.
    }
}
