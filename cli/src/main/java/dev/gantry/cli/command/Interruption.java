package dev.gantry.cli.command;

import dev.gantry.cli.account.Rollouts;
import dev.gantry.cli.account.Rollouts.Begun;
import dev.gantry.launch.error.GantryException;
import dev.gantry.operator.Errors;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Ctrl-C, or a signal that ends the process: the command under way is cancelled, so that no other instance begins. While a
 * command is being sent, the signal waits for its answer, so that none goes on unnamed.
 */
final class Interruption {
    private final Rollouts rollouts;
    private final PrintWriter err;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Thread hook = new Thread(this::stop, "interruption");
    private Optional<Begun> current = Optional.empty();

    private Interruption(Rollouts rollouts, PrintWriter err) {
        this.rollouts = rollouts;
        this.err = err;
    }

    static Interruption watch(Rollouts rollouts, PrintWriter err) {
        Interruption interruption = new Interruption(rollouts, err);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Sends a command, which an interruption would cancel from now on; empty after an interruption. */
    synchronized Optional<Begun> begin(Supplier<Begun> command) {
        if (asked.get()) {
            return Optional.empty();
        }
        current = Optional.of(command.get());
        return current;
    }

    boolean isAsked() {
        return asked.get();
    }

    /** The regular end: nothing is cancelled any more. */
    synchronized void end() {
        current = Optional.empty();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException isEnding) {
            asked.set(true);
        }
    }

    private synchronized void stop() {
        asked.set(true);
        current.ifPresent(begun -> {
            try {
                rollouts.cancel(begun);
                err.println(
                        "gantry: interrupted: instances whose turn has not come do not begin; what has begun ends by"
                                + " itself. Commands: " + Rollouts.words(begun));
            } catch (GantryException e) {
                err.println("gantry: interrupted, and the command could not be cancelled: " + Errors.words(e)
                        + ". It goes on: " + Rollouts.words(begun));
            }
            err.flush();
        });
    }
}
