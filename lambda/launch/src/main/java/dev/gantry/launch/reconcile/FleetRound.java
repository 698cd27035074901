package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Abandon;
import dev.gantry.launch.decide.Decision.Ask;
import dev.gantry.launch.decide.Decision.Extend;
import dev.gantry.launch.decide.Decision.FallBack;
import dev.gantry.launch.decide.Decision.Hold;
import dev.gantry.launch.decide.Decision.Ignore;
import dev.gantry.launch.decide.Decision.Proceed;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.reconcile.breaker.BreakerAftermath;
import dev.gantry.launch.stay.Lifecycle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One look at up to fifty instances of one fleet: observe, decide, act. */
final class FleetRound {
    private final Ports ports;
    private final FleetViews views;
    private final Observer observer;
    private final LedgerWriter ledger;
    private final HeartbeatAct heartbeatAct;
    private final CloseAct closeAct;
    private final RunAct runAct;
    private final BastionAct bastionAct;
    private final GateRecheck recheck;
    private final BreakerAftermath aftermath;
    private final Problems problems;

    FleetRound(Ports ports, BreakerAftermath aftermath) {
        this.ports = ports;
        this.views = new FleetViews(ports.fleets(), ports.bastion(), ports.clock());
        this.observer = new Observer(ports);
        this.ledger = new LedgerWriter(ports.ledger());
        this.heartbeatAct = new HeartbeatAct(ports.groups(), ledger, ports.journal(), ports.clock());
        this.bastionAct = new BastionAct(ports, ledger);
        this.closeAct = new CloseAct(ports, ledger, bastionAct);
        this.runAct = new RunAct(ports, ledger);
        this.recheck = new GateRecheck(ports.groups(), ports.clock());
        this.aftermath = aftermath;
        this.problems = new Problems(ports.journal(), ports.clock());
    }

    /**
     * The result of a round.
     *
     * @param facts empty if the group is not a fleet of Gantry
     * @param observed the instances as they were observed
     * @param decisions the last decision about each instance
     */
    record Result(Optional<FleetFacts> facts, List<ObservedInstance> observed, Map<InstanceId, Decision> decisions) {}

    /** A look that no signal asked for. */
    Result look(Described described, CommandProgressCache cache, TimeLimit limit) {
        return look(described, Map.of(), cache, limit);
    }

    /**
     * Looks at these instances.
     *
     * @param asked the signals about each; an instance without a signal is looked at too
     */
    Result look(Described described, Map<InstanceId, List<Look>> asked, CommandProgressCache cache, TimeLimit limit) {
        List<Look> signals = described.members().stream()
                .flatMap(m -> asked.getOrDefault(m.instance(), List.of()).stream())
                .toList();
        // The records are read after Auto Scaling's answer, so that none is older than it; settings and release may be.
        ReadAhead read = ReadAhead.of(described, asked, ports);
        Optional<Fleets.View> view = views.of(described.fleet(), signals);
        if (view.isEmpty()) {
            Ignore ignore = new Ignore("group " + described.fleet() + " is no fleet of Gantry's");
            return new Result(
                    Optional.empty(),
                    List.of(),
                    Outcomes.decided(described.instances(), ignore).decisions());
        }
        aftermath.finish(described.fleet(), view.get().release());
        FleetFacts facts = new FleetFacts(view.get(), described.at(), limit);
        Map<InstanceId, Look> looks = looks(facts.fleet(), described, asked);
        List<Member> ours = described.only(looks.keySet()).members();
        Acted observed = observer.observe(facts, new Observer.Subject(ours, looks, cache, read));
        Outcomes outcomes = aboutOtherHooks(described, looks.keySet())
                .then(observed.outcomes())
                .then(act(facts, observed.instances()));
        outcomes = outcomes.then(heartbeatAct.keep(facts, unread(ours, observed.instances())));
        problems.tell(facts, outcomes);
        return new Result(Optional.of(facts), observed.instances(), outcomes.decisions());
    }

    /** One look for each instance; none for one whose signals are all about another hook. */
    private static Map<InstanceId, Look> looks(Fleet fleet, Described described, Map<InstanceId, List<Look>> asked) {
        Map<InstanceId, Look> looks = new TreeMap<>();
        described.instances().forEach(instance -> asked.getOrDefault(instance, List.of(Look.at(instance))).stream()
                .filter(look ->
                        look.hook().filter(hook -> !hook.equals(fleet.hook())).isEmpty())
                .reduce(Look::and)
                .ifPresent(look -> looks.put(instance, look)));
        return looks;
    }

    private static Outcomes aboutOtherHooks(Described described, Set<InstanceId> ours) {
        List<InstanceId> others = described.instances().stream()
                .filter(instance -> !ours.contains(instance))
                .toList();
        return Outcomes.decided(others, new Ignore("the event is about another lifecycle hook"));
    }

    /** The waiting instances whose record could not be read: nothing can be decided about them. */
    private static List<InstanceId> unread(List<Member> members, List<ObservedInstance> observed) {
        Set<InstanceId> read = observed.stream().map(ObservedInstance::instance).collect(Collectors.toSet());
        return members.stream()
                .filter(m -> Lifecycle.of(m.state()).gate().isPresent())
                .map(Member::instance)
                .filter(instance -> !read.contains(instance))
                .toList();
    }

    private Outcomes act(FleetFacts facts, List<ObservedInstance> observed) {
        // Heartbeats come first: whatever else happens, AWS must not end an instance meanwhile.
        Acted renewed = heartbeatAct.extend(facts, Decided.of(observed).instances(Extend.class));
        Decided decided = Decided.of(observed).without(Extend.class).and(renewed.instances());
        // Ends come before runs: an abandonment can quarantine the bundle that a run would take.
        Outcomes ended = renewed.outcomes().then(decided.outcomes()).then(end(facts, decided));
        // Runs and questions claim the records themselves.
        Acted begun = begin(facts, decided, ended.takenOut());
        // What was only learned is written last: an instance has at most one of these writes in a round.
        return ended.then(begun.outcomes()).then(note(facts, decided, ended, begun));
    }

    private Outcomes end(FleetFacts facts, Decided decided) {
        return closeAct.proceed(facts, decided.of(Proceed.class))
                .then(closeAct.abandon(facts, decided.of(Abandon.class)))
                .then(closeAct.hold(facts, decided.instances(Hold.class)));
    }

    private Acted begin(FleetFacts facts, Decided decided, Set<BundleId> takenOut) {
        Map<ObservedInstance, Run> runs = decided.of(Run.class);
        Map<ObservedInstance, FallBack> fallBacks = decided.of(FallBack.class);
        Outcomes stopped = stop(runs, Run::bundle, takenOut)
                .then(stop(fallBacks, FallBack::bundle, takenOut))
                .then(recheck.dropMoved(facts, runs))
                .then(recheck.dropMoved(facts, fallBacks));
        Acted sent = runAct.run(facts, runs);
        problems.page(facts, sent.instances());
        Acted asked = bastionAct.fallBack(facts, fallBacks).then(bastionAct.ask(facts, decided.of(Ask.class)));
        // Decided again: now each waits for its answer.
        Outcomes waiting = Decided.of(asked.instances()).outcomes();
        return new Acted(
                asked.instances(),
                stopped.then(sent.outcomes()).then(asked.outcomes()).then(waiting));
    }

    /** A run whose bundle was quarantined in this round must not begin; it is decided again soon. */
    private static <D extends Decision> Outcomes stop(
            Map<ObservedInstance, D> wanted, Function<D, BundleId> bundle, Set<BundleId> takenOut) {
        Outcomes stopped = Outcomes.NONE;
        for (Map.Entry<ObservedInstance, D> e : new LinkedHashMap<>(wanted).entrySet()) {
            BundleId wantedBundle = bundle.apply(e.getValue());
            if (takenOut.contains(wantedBundle)) {
                wanted.remove(e.getKey());
                stopped = stopped.then(Outcomes.wait(
                        e.getKey().instance(),
                        Reason.BACKOFF,
                        "bundle " + wantedBundle.brief() + " was quarantined just now"));
            }
        }
        return stopped;
    }

    private Outcomes note(FleetFacts facts, Decided decided, Outcomes ended, Acted begun) {
        List<ObservedInstance> noted = new ArrayList<>();
        decided.quiet().forEach((c, decision) -> noted.add(problems.noted(c, decision)));
        begun.instances().forEach(c -> noted.add(problems.noted(c, c.decision())));
        noted.addAll(ended.then(begun.outcomes()).misconfigured());
        Acted stored = ledger.store(
                facts.name(), noted.stream().filter(ObservedInstance::isNews).toList());
        problems.page(facts, noted);
        return stored.outcomes();
    }
}
