package dev.gantry.sandbox.ec2;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Makes machines of one kind; chosen when the sandbox is composed. Closing it ends every machine and leaves nothing
 * behind.
 */
public interface MachineFactory extends AutoCloseable {

    /** Makes a machine that is not yet started. */
    Machine create(String instanceId, Ec2.LaunchSpec spec, Machine.Watcher watcher);

    /** The host's address as the machines see it, where the sandbox has to listen too; empty where they need none. */
    Optional<InetAddress> hostAddress();

    @Override
    void close();
}
