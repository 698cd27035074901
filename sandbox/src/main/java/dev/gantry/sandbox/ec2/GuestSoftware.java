package dev.gantry.sandbox.ec2;

/** Software that runs on an instance as long as it exists: the SSM agent. Called without any lock held. */
public interface GuestSoftware {

    /** The machine has booted. */
    void up();

    /** The machine went down: stopped, or on its way through a reboot. */
    void down();

    /** The machine is gone for good. */
    void terminated();

    /** Puts software on a new instance. */
    interface Installer {
        GuestSoftware install(Machine machine, Ec2.LaunchSpec spec);
    }
}
