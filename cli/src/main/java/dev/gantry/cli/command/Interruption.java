package dev.gantry.cli.command;

import dev.gantry.cli.account.Rollouts;
import dev.gantry.launch.error.GantryException;
import dev.gantry.operator.Errors;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Ctrl-C, or a signal that ends the process: the command under way is cancelled, so that no other instance begins. */
final class Interruption {
    private final Rollouts rollouts;
    private final PrintWriter err;
    private final AtomicReference<Optional<Rollouts.Begun>> current = new AtomicReference<>(Optional.empty());
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Thread hook = new Thread(this::stop, "interruption");

    private Interruption(Rollouts rollouts, PrintWriter err) {
        this.rollouts = rollouts;
        this.err = err;
    }

    static Interruption watch(Rollouts rollouts, PrintWriter err) {
        Interruption interruption = new Interruption(rollouts, err);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** The command that would be cancelled from now on. */
    void now(Rollouts.Begun begun) {
        current.set(Optional.of(begun));
    }

    boolean isAsked() {
        return asked.get();
    }

    /** The regular end: nothing is cancelled any more. */
    void end() {
        current.set(Optional.empty());
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException isEnding) {
            asked.set(true);
        }
    }

    private void stop() {
        asked.set(true);
        current.get().ifPresent(begun -> {
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
