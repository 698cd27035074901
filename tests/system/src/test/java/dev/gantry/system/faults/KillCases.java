package dev.gantry.system.faults;

import dev.gantry.sandbox.ExampleFleet;
import dev.gantry.sandbox.lambda.Outcome;
import dev.gantry.sandbox.wire.Faults.Fault;
import dev.gantry.system.e2e.Fleet;
import dev.gantry.system.faults.FaultCase.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The function's process gets SIGKILL at one call: before the call takes effect, or after it, when the answer is never
 * delivered. Killed before, sweeps go on three seconds later; killed after, the lost function's messages come back first. That
 * way both are seen.
 */
final class KillCases {
    /** The name of the operator's journey, which is no launch. */
    static final String PROPOSAL = "proposal";

    private static final Duration SWEEPS_FIRST = Duration.ofSeconds(3);
    private static final Duration MESSAGES_FIRST = Bench.QUICK.visibility().plusSeconds(8);
    private static final String SEND = "SendCommand";

    private KillCases() {}

    /** The calls of a launch without trouble, in their order; a launch that does not come to its end has none. */
    static List<CallPoint> reference(Bench bench, Journey journey, String fleetName) throws InterruptedException {
        Fleet fleet = bench.fleet(fleetName, Trap.Plan.NONE);
        Launch launch = new Launch(bench, journey, fleet, SWEEPS_FIRST);
        launch.toItsEnd();
        List<CallPoint> seen = bench.trap.seen();
        List<String> complaints = launch.complaints();
        if (!complaints.isEmpty()) {
            throw new IllegalStateException("the reference launch '" + journey.word()
                    + "', in which nothing goes wrong, went wrong: " + complaints);
        }
        bench.clear(fleet);
        return seen.stream()
                .filter(point -> point.function().equals(journey.function()))
                .toList();
    }

    /** The calls of a proposal, in their order. */
    static List<CallPoint> proposal(Bench bench, String fleetName) throws InterruptedException {
        Fleet fleet = bench.fleet(fleetName, Trap.Plan.NONE);
        Outcome outcome = propose(bench, fleet);
        if (!isAccepted(outcome)) {
            throw new IllegalStateException("the reference proposal was not accepted: " + outcome.payload());
        }
        List<CallPoint> seen = bench.trap.seen();
        bench.clear(fleet);
        return seen;
    }

    /** Two cases for each call; those with which another journey begins and ends are left to that one. */
    static List<FaultCase> of(Journey journey, List<CallPoint> calls, List<CallPoint> others) {
        int from = 0;
        while (from < Math.min(calls.size(), others.size()) && calls.get(from).equals(others.get(from))) {
            from++;
        }
        int to = calls.size();
        while (to > from && isAlikeFromTheEnd(calls, others, calls.size() - to)) {
            to--;
        }
        List<FaultCase> cases = new ArrayList<>();
        // The first and the last call that both make may be about something else.
        for (int i = Math.max(0, from - 1); i < Math.min(calls.size(), to + 1); i++) {
            cases.add(launch(journey, calls.get(i), false, isUnclear(journey, calls, i)));
            cases.add(launch(journey, calls.get(i), true, isUnclear(journey, calls, i + 1)));
        }
        return cases;
    }

    private static boolean isAlikeFromTheEnd(List<CallPoint> calls, List<CallPoint> others, int back) {
        if (back >= others.size()) {
            return false;
        }
        CallPoint ours = calls.get(calls.size() - 1 - back);
        CallPoint theirs = others.get(others.size() - 1 - back);
        return ours.call().equals(theirs.call()) && ours.function().equals(theirs.function());
    }

    /**
     * Whether a kill at this call leaves it unknown if the claimed command was sent. Before the send it always does; after the
     * send only if no event reports the run.
     */
    private static boolean isUnclear(Journey journey, List<CallPoint> calls, int next) {
        boolean sends = next < calls.size() && calls.get(next).call().equals(SEND);
        boolean sent = next > 0 && calls.get(next - 1).call().equals(SEND);
        return sends || (sent && journey == Journey.SWEEP);
    }

    static List<FaultCase> ofProposal(List<CallPoint> calls) {
        return calls.stream()
                .flatMap(call -> List.of(proposal(call, false), proposal(call, true)).stream())
                .toList();
    }

    static FaultCase launch(Journey journey, CallPoint point, boolean after, boolean isLong) {
        return FaultCase.of(name(journey.word(), point, after), isLong, (bench, name) -> {
            Fleet fleet = bench.fleet(name, plan(bench, point, after));
            Launch launch = new Launch(bench, journey, fleet, after ? MESSAGES_FIRST : SWEEPS_FIRST);
            launch.toItsEnd();
            Ending ending = Ending.of(launch).unless(bench.trap.isSprung(), notReached(point));
            bench.clear(fleet);
            return ending;
        });
    }

    private static FaultCase proposal(CallPoint point, boolean after) {
        return FaultCase.of(name(PROPOSAL, point, after), false, (bench, name) -> {
            Fleet fleet = bench.fleet(name, plan(bench, point, after));
            Outcome killed = propose(bench, fleet);
            Outcome again = propose(bench, fleet);
            String release = fleet.object("fleets/" + name + "/release.json").orElse("");
            Ending ending = new Ending(List.of(), List.of())
                    .unless(bench.trap.isSprung() && killed.failed(), notReached(point))
                    .unless(isAccepted(again), "the second proposal was answered " + again.payload())
                    .unless(release.contains(otherBundle()), "the release is " + release);
            bench.clear(fleet);
            return ending;
        });
    }

    private static String name(String journey, CallPoint point, boolean after) {
        return "kill/" + journey + "/" + point.name() + "/" + (after ? "after" : "before");
    }

    private static String notReached(CallPoint point) {
        return "the function never made call " + point.name() + ", so it was not killed";
    }

    private static Trap.Plan plan(Bench bench, CallPoint where, boolean after) {
        return (point, accessKey) -> point.equals(where)
                ? new Fault.CallerLost(
                        after, () -> bench.gantry.sandbox.cloud().lambda().kill(accessKey))
                : new Fault.None();
    }

    private static Outcome propose(Bench bench, Fleet fleet) {
        fleet.putBundle(otherBundle(), "another bundle");
        return bench.invoke(
                ExampleFleet.OPERATOR_FUNCTION,
                "{\"action\":\"propose\",\"fleet\":\"" + fleet.name() + "\",\"bundle\":\"" + otherBundle() + "\"}");
    }

    private static String otherBundle() {
        return Fleet.sha256("another bundle");
    }

    private static boolean isAccepted(Outcome outcome) {
        return !outcome.failed() && outcome.payload().contains("\"accepted\"");
    }

    /** The case of that name, without its reference launch. */
    static FaultCase named(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length != 4 || !Set.of("before", "after").contains(parts[3])) {
            throw new IllegalArgumentException(name + " is not kill/JOURNEY/CALL-NUMBER/before or after");
        }
        boolean after = parts[3].equals("after");
        if (parts[1].equals(PROPOSAL)) {
            return proposal(CallPoint.of(ExampleFleet.OPERATOR_FUNCTION, parts[2]), after);
        }
        Journey journey = Journey.named(parts[1]);
        return launch(journey, CallPoint.of(journey.function(), parts[2]), after, false);
    }
}
