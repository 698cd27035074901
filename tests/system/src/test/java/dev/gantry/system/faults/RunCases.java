package dev.gantry.system.faults;

import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.wire.Faults.Fault;
import dev.gantry.system.e2e.Fleet;
import dev.gantry.system.faults.FaultCase.Ending;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The functions are killed or time out around a run that an instance executes. */
final class RunCases {
    private static final Duration RUN = Duration.ofSeconds(8);
    private static final Duration NEVER = Launch.PATIENCE.multipliedBy(2);
    private static final Duration SWEEPS = Duration.ofSeconds(3);
    private static final String SEND = "SendCommand";

    private RunCases() {}

    static List<FaultCase> all() {
        return List.of(
                FaultCase.of("run/killed-while-it-executes", false, (bench, name) -> whileItRuns(bench, name, true)),
                FaultCase.of("run/killed-and-its-end-is-lost", false, (bench, name) -> whileItRuns(bench, name, false)),
                FaultCase.of("run/killed-twice-before-the-send", true, RunCases::killedTwice),
                FaultCase.of("run/killed-after-the-send-and-all-events-lost", true, RunCases::sentAndForgotten),
                FaultCase.of("run/lists-fail-while-a-send-is-looked-for", true, RunCases::listsFail),
                FaultCase.of("run/function-times-out", false, RunCases::timesOut));
    }

    /** Every process of every function is killed while the playbook runs. */
    private static Ending whileItRuns(Bench bench, String name, boolean endArrives) throws InterruptedException {
        bench.gantry.playbooks.play(name, (isFirst, nth) -> Script.Outcome.success(RUN));
        Fleet fleet = bench.fleet(name, Trap.Plan.NONE);
        Launch launch = new Launch(bench, Journey.EVENTS, fleet, NEVER);
        if (!endArrives) {
            bench.gantry.deliveries.deliver(
                    name,
                    event -> event.path("source").asText().equals("aws.ssm") ? List.of() : List.of(Duration.ZERO));
        }
        fleet.desire(1);
        boolean executes = Pause.until(() -> launch.instance()
                .filter(id -> bench.gantry.playbooks.executions(id) == 1)
                .isPresent());
        bench.killAll();
        if (!endArrives) {
            launch.sweepFromNowOn();
        }
        launch.awaitItsEnd();
        Ending ending = Ending.of(launch).unless(executes, "the playbook never began");
        bench.clear(fleet);
        return ending;
    }

    /** The first worker is killed with its claim, and so is the worker that takes the claim over. */
    private static Ending killedTwice(Bench bench, String name) throws InterruptedException {
        AtomicInteger kills = new AtomicInteger();
        Ending ending = launch(
                bench,
                name,
                Journey.EVENTS,
                (point, key) -> point.call().equals(SEND) && kills.incrementAndGet() <= 2
                        ? new Fault.CallerLost(false, () -> kill(bench, key))
                        : new Fault.None());
        return ending.unless(kills.get() == 3, "SendCommand was called " + kills.get() + " times instead of 3");
    }

    /** Nothing is left but the claim and the command: no message, no event, no command id. */
    private static Ending sentAndForgotten(Bench bench, String name) throws InterruptedException {
        return launch(
                bench,
                name,
                Journey.SWEEP,
                (point, key) -> point.call().equals(SEND)
                        ? new Fault.CallerLost(true, () -> kill(bench, key))
                        : new Fault.None());
    }

    /** A list that does not answer proves no absence. */
    private static Ending listsFail(Bench bench, String name) throws InterruptedException {
        AtomicInteger sends = new AtomicInteger();
        AtomicInteger lists = new AtomicInteger();
        Ending ending = launch(bench, name, Journey.SWEEP, (point, key) -> {
            if (point.call().equals(SEND) && sends.incrementAndGet() == 1) {
                return new Fault.Cut(true);
            }
            return point.call().equals("ListCommands") && lists.incrementAndGet() <= 9
                    ? Fault.ErrorResponse.throttled("ThrottlingException")
                    : new Fault.None();
        });
        return ending.unless(sends.get() == 1, "SendCommand was called " + sends.get() + " times")
                .unless(lists.get() > 9, "ListCommands was called only " + lists.get() + " times");
    }

    /** Three attempts that hang are more than the function's timeout: Lambda ends the process in the middle. */
    private static Ending timesOut(Bench bench, String name) throws InterruptedException {
        AtomicInteger hangs = new AtomicInteger();
        return launch(
                bench,
                name,
                Journey.EVENTS,
                (point, key) -> point.call().equals("DescribeInstanceInformation") && hangs.incrementAndGet() <= 3
                        ? new Fault.Delay(Duration.ofSeconds(12))
                        : new Fault.None());
    }

    private static Ending launch(Bench bench, String name, Journey journey, Trap.Plan plan)
            throws InterruptedException {
        Fleet fleet = bench.fleet(name, plan);
        Launch launch = new Launch(bench, journey, fleet, SWEEPS);
        launch.toItsEnd();
        Ending ending = Ending.of(launch).unless(bench.trap.isSprung(), "nothing went wrong");
        bench.clear(fleet);
        return ending;
    }

    private static void kill(Bench bench, String accessKey) {
        bench.gantry.sandbox.cloud().lambda().kill(accessKey);
    }
}
