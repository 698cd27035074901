package dev.gantry.sandbox.ec2;

import dev.gantry.sandbox.time.Timers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A machine that is only simulated: it boots after a while, discards files, and ends scripts as its {@link Script} says. It
 * has no thread, so that thousands fit into one JVM. A time limit, a cancellation and a loss of the machine end scripts
 * as they do on a real one.
 */
final class SimulatedMachine implements Machine {
    private final String instanceId;
    private final String privateIp;
    private final Ec2.LaunchSpec spec;
    private final Watcher watcher;
    private final Timers timers;
    private final SimulatedFactory.Times times;
    private final Script script;
    private final Set<Play> plays = new HashSet<>();
    private boolean gone;

    SimulatedMachine(
            String instanceId,
            String privateIp,
            Ec2.LaunchSpec spec,
            Watcher watcher,
            Timers timers,
            SimulatedFactory.Times times,
            Script script) {
        this.instanceId = instanceId;
        this.privateIp = privateIp;
        this.spec = spec;
        this.watcher = watcher;
        this.timers = timers;
        this.times = times;
        this.script = script;
    }

    @Override
    public String instanceId() {
        return instanceId;
    }

    @Override
    public String privateIp() {
        return privateIp;
    }

    @Override
    public String platformName() {
        return "Simulated Linux";
    }

    @Override
    public String platformVersion() {
        return "1";
    }

    @Override
    public void start() {
        timers.after(times.boot(), () -> unlessGone(watcher::up));
    }

    @Override
    public void stop() {
        loseEverything();
        timers.after(times.shutdown(), () -> unlessGone(() -> watcher.down(false)));
    }

    @Override
    public void reboot() {
        loseEverything();
        timers.after(
                times.shutdown(),
                () -> unlessGone(() -> {
                    watcher.down(true);
                    start();
                }));
    }

    @Override
    public void terminate() {
        synchronized (this) {
            gone = true;
        }
        loseEverything();
    }

    @Override
    public Running run(ShellScript shell, Consumer<ShellResult> done) {
        Script.Outcome outcome = script.play(instanceId, spec, shell);
        Play play = new Play(done);
        synchronized (this) {
            plays.add(play);
        }
        boolean late = outcome.time().compareTo(shell.timeout()) > 0;
        ShellResult result = late
                ? new ShellResult(ShellResult.Ending.TIMED_OUT, 137, "", "")
                : new ShellResult(ShellResult.Ending.EXITED, outcome.code(), outcome.stdout(), outcome.stderr());
        Duration time = late ? shell.timeout() : outcome.time();
        play.startTimer(time, result);
        return () -> play.end(new ShellResult(ShellResult.Ending.CANCELLED, 137, "", ""));
    }

    @Override
    public void write(String path, InputStream content) throws IOException {
        content.transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public String read(String path) throws IOException {
        throw new FileNotFoundException(path + ": a simulated machine keeps no files");
    }

    @Override
    public boolean isDirectory(String path) {
        return false;
    }

    private void unlessGone(Runnable action) {
        boolean alive;
        synchronized (this) {
            alive = !gone;
        }
        if (alive) {
            action.run();
        }
    }

    private void loseEverything() {
        List<Play> lost;
        synchronized (this) {
            lost = List.copyOf(plays);
        }
        lost.forEach(play -> play.end(new ShellResult(ShellResult.Ending.LOST, -1, "", "")));
    }

    /** One script under way. */
    private final class Play {
        private final Consumer<ShellResult> done;
        private Runnable cancelTimer = () -> {};

        Play(Consumer<ShellResult> done) {
            this.done = done;
        }

        void startTimer(Duration time, ShellResult result) {
            Runnable cancel = timers.after(time, () -> end(result));
            synchronized (SimulatedMachine.this) {
                cancelTimer = cancel;
            }
        }

        void end(ShellResult result) {
            Runnable cancel;
            synchronized (SimulatedMachine.this) {
                if (!plays.remove(this)) {
                    return;
                }
                cancel = cancelTimer;
            }
            cancel.run();
            done.accept(result);
        }
    }
}
