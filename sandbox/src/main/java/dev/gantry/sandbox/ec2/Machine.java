package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * The machine below an instance, real or simulated. Every call returns at once unless it says otherwise; results come
 * from any thread. What happens to the machine by itself (it has booted, it went down) goes to its {@link Watcher}.
 */
public interface Machine {

    String instanceId();

    /** Its address, without a prefix length. */
    String privateIp();

    /** For example {@code Debian GNU/Linux}. */
    String platformName();

    /** For example {@code 12}. */
    String platformVersion();

    /** Boots the machine; the disk is the one it had before. */
    void start();

    /** Shuts the machine down in an orderly way, then by force; its disk stays. */
    void stop();

    /** Shuts down and boots again. */
    void reboot();

    /** Ends the machine and frees all it holds, without asking it. May be called in any state, and twice. */
    void terminate();

    /** Runs a script and delivers its result exactly once. */
    Running run(ShellScript script, Consumer<ShellResult> done);

    /** Writes a file and its folders; blocks. */
    void write(String path, InputStream content) throws IOException;

    /** Reads a file as text; blocks. */
    String read(String path) throws IOException;

    /** Whether the path is a folder; blocks. */
    boolean isDirectory(String path) throws IOException;

    /** A script under way. */
    interface Running {

        /** Ends the script and everything it has started; the result says that it was cancelled. */
        void cancel();
    }

    /** Is informed of a machine's changes. Called without any lock held. */
    interface Watcher {

        /** The machine has booted. */
        void up();

        /**
         * The machine went down.
         *
         * @param rebooting whether it comes up again by itself
         */
        void down(boolean rebooting);

        /** The machine could not boot, or is lost; {@code why} is for a person. */
        void broken(String why);
    }
}
