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
import dev.gantry.launch.decide.Decision.Wait;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.stay.Hint;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Observes, decides, acts: the one way in for every signal and for the sweep. Doing so twice, or at once from two workers,
 * is harmless: what matters is claimed by conditional writes.
 */
public final class Reconciler {
    /** DescribeAutoScalingInstances, DescribeInstanceInformation and SendCommand take fifty instances a call. */
    private static final int BATCH = 50;

    private static final int STRIDE = 37;

    private final Ports ports;
    private final Guard guard;
    private final Observer observer;
    private final RunAct runAct;
    private final BastionAct bastionAct;
    private final CloseAct closeAct;
    private final BreakerAftermath aftermath;
    private final HeartbeatAct heartbeatAct;
    private final Departures departures;
    private final Hooks hooks = new Hooks();

    public Reconciler(Ports ports) {
        this.ports = ports;
        this.guard = new Guard(ports.journal());
        this.observer = new Observer(ports);
        this.runAct = new RunAct(ports.commands(), ports.fleets(), ports.journal(), ports.clock(), ports.ids());
        this.aftermath = new BreakerAftermath(ports.fleets(), ports.groups(), ports.journal());
        this.bastionAct = new BastionAct(ports);
        this.closeAct = new CloseAct(ports, new Breaker(ports, aftermath), bastionAct);
        this.heartbeatAct = new HeartbeatAct(ports.groups(), ports.journal(), ports.clock());
        this.departures = new Departures(ports.ledger(), ports.journal(), ports.clock());
    }

    /** Members of a fleet's group, as Auto Scaling described them when it was asked. */
    private record Described(FleetName fleet, List<Member> members, Instant at) {
        Described only(Collection<InstanceId> instances) {
            return new Described(
                    fleet,
                    members.stream()
                            .filter(m -> instances.contains(m.instance()))
                            .toList(),
                    at);
        }

        Described only(Predicate<String> states) {
            return new Described(
                    fleet, members.stream().filter(m -> states.test(m.state())).toList(), at);
        }

        List<InstanceId> instances() {
            return members.stream().map(Member::instance).toList();
        }
    }

    /** Looks at these instances now; the answer has a decision for each, the last one that was taken. */
    public Map<InstanceId, Decision> look(Collection<Look> looks) {
        return look(looks, Instant.MAX);
    }

    /** The same, with nothing begun after {@code until}: what is left then is to be looked at again soon. */
    public Map<InstanceId, Decision> look(Collection<Look> looks, Instant until) {
        Map<InstanceId, List<Look>> asked = new TreeMap<>();
        looks.forEach(look ->
                asked.computeIfAbsent(look.instance(), i -> new ArrayList<>()).add(look));
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        for (List<InstanceId> batch : batches(asked.keySet())) {
            decisions.putAll(isOver(until) ? outOfTime(batch) : guard.look(batch, some -> lookAt(some, asked, until)));
        }
        return decisions;
    }

    /**
     * The looks that the end of a whole command asks for: one for each instance that has it.
     *
     * @throws GantryException where Systems Manager does not answer well
     */
    public List<Look> looksFor(String command) {
        Map<InstanceId, Commands.Progress> progress = guard.asked(
                        "the progress of command " + command,
                        () -> ports.commands().progress(Set.of(command)))
                .getOrDefault(command, Map.of());
        return progress.keySet().stream()
                .sorted()
                .map(instance -> Look.ended(instance, command, progress.get(instance)))
                .toList();
    }

    /**
     * Looks at every waiting instance of every fleet. Those that could come back to a gate are looked at, too, so that the stay
     * of somebody else's completion, or of a function killed right after its own, is known as over by then; that costs an S3
     * read for each instance in a warm pool or in standby. They are not in the answer. Of every other fleet what its breaker left
     * undone is finished.
     *
     * @throws GantryException where the fleets, or the instances of their groups, cannot be listed
     */
    public Map<InstanceId, Decision> sweep() {
        return sweep(Instant.MAX);
    }

    /**
     * The same, with nothing begun after {@code until}. Where that is before the end, the next sweep begins elsewhere: otherwise
     * the last instances of a large group would never have their turn.
     *
     * @throws GantryException where the fleets, or the instances of their groups, cannot be listed
     */
    public Map<InstanceId, Decision> sweep(Instant until) {
        Set<FleetName> names =
                guard.asked("the list of fleets", () -> ports.fleets().names());
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        Instant asked = ports.clock().instant();
        Map<FleetName, List<Member>> groups = guard.asked(
                "the list of the fleets' instances", () -> ports.groups().members(names));
        groups.forEach((fleet, members) -> {
            Described described = new Described(fleet, members, asked);
            Progresses shared = new Progresses(ports.commands());
            // First, so that a sweep that is killed later has kept the names.
            follow(described, until);
            decisions.putAll(sweep(described.only(Reconciler::waits), shared, until));
            sweep(described.only(Lifecycle::mayComeBack), shared, until);
        });
        finishBreakers(groups, until);
        return decisions;
    }

    private static boolean waits(String state) {
        return Lifecycle.of(state).gate().isPresent();
    }

    /** Looks once more at the instances that waited at the last sweep and do not any more, until their records are closed. */
    private void follow(Described described, Instant until) {
        if (!isOver(until)) {
            departures.follow(
                    described.fleet(),
                    described.only(Reconciler::waits).instances(),
                    left -> lookAfter(described.fleet(), left, until));
        }
    }

    /** Those of these instances whose record is still open. */
    private Set<InstanceId> lookAfter(FleetName fleet, Set<InstanceId> left, Instant until) {
        Set<InstanceId> open = new TreeSet<>(left);
        for (List<InstanceId> batch : batches(left)) {
            if (!isOver(until)) {
                guard.look(batch, some -> {
                    Instant asked = ports.clock().instant();
                    Map<InstanceId, Member> members = ports.groups().describe(some);
                    Described there = new Described(fleet, List.copyOf(members.values()), asked);
                    Map<InstanceId, Decision> decisions =
                            lookAtFleet(there.only(m -> true), Map.of(), new Progresses(ports.commands()), until);
                    decisions.forEach((instance, decision) -> {
                        if (decision instanceof Ignore) {
                            open.remove(instance);
                        }
                    });
                    List<InstanceId> gone =
                            some.stream().filter(i -> !members.containsKey(i)).toList();
                    open.removeAll(departures.closeGone(fleet, gone, asked));
                    return decisions;
                });
            }
        }
        return open;
    }

    /** A group that launches no more has no waiting instance, and a look at one is what finishes a breaker otherwise. */
    private void finishBreakers(Map<FleetName, List<Member>> groups, Instant until) {
        groups.forEach((fleet, members) -> {
            boolean isLookedAt = members.stream().map(Member::state).anyMatch(Reconciler::isSwept);
            if (!isLookedAt && !isOver(until)) {
                aftermath.finish(fleet);
            }
        });
    }

    private static boolean isSwept(String state) {
        return waits(state) || Lifecycle.mayComeBack(state);
    }

    private Map<InstanceId, Decision> sweep(Described swept, Progresses shared, Instant until) {
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        for (List<InstanceId> batch : rotated(batches(swept.instances()))) {
            decisions.putAll(
                    isOver(until)
                            ? outOfTime(batch)
                            : guard.look(batch, some -> lookAtFleet(swept.only(some), Map.of(), shared, until)));
        }
        return decisions;
    }

    private boolean isOver(Instant until) {
        return !ports.clock().instant().isBefore(until);
    }

    private static Map<InstanceId, Decision> outOfTime(List<InstanceId> batch) {
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        batch.forEach(instance -> decisions.put(instance, Pass.waitFor(Pass.outOfTime())));
        return decisions;
    }

    private Map<InstanceId, Decision> lookAt(List<InstanceId> batch, Map<InstanceId, List<Look>> asked, Instant until) {
        Instant described = ports.clock().instant();
        Map<InstanceId, Member> members = ports.groups().describe(batch);
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        Map<FleetName, List<Member>> byFleet = new TreeMap<>();
        Map<FleetName, List<InstanceId>> gone = new TreeMap<>();
        for (InstanceId instance : batch) {
            Member member = members.get(instance);
            if (member == null) {
                decisions.put(instance, new Ignore("the instance is in no Auto Scaling group, or gone"));
                groupOf(asked.get(instance)).ifPresent(group -> gone.computeIfAbsent(group, g -> new ArrayList<>())
                        .add(instance));
            } else {
                byFleet.computeIfAbsent(member.group(), g -> new ArrayList<>()).add(member);
            }
        }
        gone.forEach((fleet, instances) -> departures.closeGone(fleet, instances, described));
        byFleet.forEach((fleet, ours) -> {
            Described there = new Described(fleet, ours, described);
            decisions.putAll(guard.look(
                    there.instances(),
                    some -> lookAtFleet(there.only(some), asked, new Progresses(ports.commands()), until)));
        });
        return decisions;
    }

    private static Optional<FleetName> groupOf(List<Look> looks) {
        return looks.stream()
                .flatMap(look -> look.hint().flatMap(Hint::group).stream())
                .findFirst();
    }

    /** One pass; one that nothing asked for is the sweep's. */
    private Map<InstanceId, Decision> lookAtFleet(
            Described described, Map<InstanceId, List<Look>> asked, Progresses progresses, Instant until) {
        FleetName fleet = described.fleet();
        List<Member> members = described.members();
        Optional<Fleets.View> view = ports.fleets()
                .find(fleet)
                .or(() -> unsettled(fleet, members, asked))
                .map(found -> hooks.named(withBastion(found), looksAt(members, asked)));
        if (view.isEmpty()) {
            return all(members, new Ignore("group " + fleet + " is no fleet of Gantry's"));
        }
        aftermath.finish(fleet, view.get().release());
        Pass pass = new Pass(view.get(), ports.ledger(), ports.journal(), progresses, described.at(), until);
        List<Member> ours = new ArrayList<>();
        Map<InstanceId, Look> looks = new TreeMap<>();
        for (Member member : members) {
            List<Look> all = asked.getOrDefault(member.instance(), List.of(Look.at(member.instance())));
            Optional<Look> look = ofOurHook(view.get().fleet(), all);
            if (look.isPresent()) {
                ours.add(member);
                looks.put(member.instance(), look.get());
            } else {
                pass.decided(member.instance(), new Ignore("the event is about another lifecycle hook"));
            }
        }
        List<Case> cases = observer.observe(pass, ours, looks);
        act(pass, cases);
        heartbeatAct.keep(pass, unread(ours, cases));
        pass.pageUnnoted();
        if (asked.isEmpty()) {
            OldestStay.tell(pass, cases, ports.clock().instant(), ports.journal());
        }
        return pass.decisions();
    }

    /** A fleet that counts on a channel that is not there would learn of it in the middle of an outage. */
    private Fleets.View withBastion(Fleets.View view) {
        Optional<Trouble> missing = ports.bastion()
                .missing()
                .filter(why -> view.fleet().policy().fallback().isUsed())
                .map(why -> new Trouble(
                        Trouble.Kind.MISCONFIGURED,
                        "fleet " + view.fleet().name() + " falls back to the bastion (fallback.use), and " + why,
                        ports.clock().instant()));
        return new Fleets.View(view.fleet(), view.release(), view.trouble().or(() -> missing));
    }

    /** The waiting instances whose record could not be read: nothing can be decided about them. */
    private static List<InstanceId> unread(List<Member> members, List<Case> cases) {
        Set<InstanceId> read = cases.stream().map(Case::instance).collect(Collectors.toSet());
        return members.stream()
                .filter(m -> Lifecycle.of(m.state()).gate().isPresent())
                .map(Member::instance)
                .filter(instance -> !read.contains(instance))
                .toList();
    }

    /** One look for all that do not speak of another hook. */
    private static Optional<Look> ofOurHook(Fleet fleet, List<Look> looks) {
        return looks.stream()
                .filter(look ->
                        look.hook().filter(hook -> !hook.equals(fleet.hook())).isEmpty())
                .reduce(Look::and);
    }

    /** A hook with Gantry's name on a group without settings is a mistake of somebody's, not a stranger's hook. */
    private Optional<Fleets.View> unsettled(FleetName fleet, List<Member> members, Map<InstanceId, List<Look>> asked) {
        boolean isOurs =
                looksAt(members, asked).stream().map(Look::hook).anyMatch(Optional.of(Fleet.DEFAULT_HOOK)::equals);
        return isOurs ? Optional.of(Fleets.withoutSettings(fleet)) : Optional.empty();
    }

    private static List<Look> looksAt(List<Member> members, Map<InstanceId, List<Look>> asked) {
        return members.stream()
                .flatMap(m -> asked.getOrDefault(m.instance(), List.of()).stream())
                .toList();
    }

    private void act(Pass pass, List<Case> cases) {
        List<Case> due =
                cases.stream().filter(c -> c.decision() instanceof Extend).toList();
        List<Case> rest = new ArrayList<>(cases);
        rest.removeAll(due);
        rest.addAll(heartbeatAct.extend(pass, due));
        Map<Case, Run> runs = new LinkedHashMap<>();
        Map<Case, FallBack> fallBacks = new LinkedHashMap<>();
        Map<Case, Ask> questions = new LinkedHashMap<>();
        Map<Case, Proceed> proceeds = new LinkedHashMap<>();
        Map<Case, Abandon> abandons = new LinkedHashMap<>();
        List<Case> quiet = new ArrayList<>();
        List<Case> held = new ArrayList<>();
        for (Case c : rest) {
            Decision decision = c.decision();
            pass.decided(c.instance(), decision);
            if (decision instanceof Run run) {
                runs.put(c, run);
            } else if (decision instanceof FallBack fallBack) {
                fallBacks.put(c, fallBack);
            } else if (decision instanceof Ask question) {
                questions.put(c, question);
            } else if (decision instanceof Proceed proceed) {
                proceeds.put(c, proceed);
            } else if (decision instanceof Abandon abandon) {
                abandons.put(c, abandon);
            } else {
                quiet.add(noted(c, decision));
            }
            if (decision instanceof Hold) {
                held.add(c);
            }
        }
        closeAct.proceed(pass, proceeds);
        closeAct.abandon(pass, abandons);
        closeAct.hold(pass, held);
        runs.entrySet()
                .removeIf(
                        e -> pass.isStopped(e.getKey().instance(), e.getValue().bundle()));
        fallBacks
                .entrySet()
                .removeIf(
                        e -> pass.isStopped(e.getKey().instance(), e.getValue().bundle()));
        List<Case> run = runAct.run(pass, runs);
        quiet.addAll(overTheBastion(pass, fallBacks, questions));
        quiet.addAll(pass.mistaken());
        pass.store(quiet.stream().filter(Case::isNews).toList());
        pageMistakes(pass, quiet);
        pageMistakes(pass, run);
    }

    /** The cases that were asked about, decided anew: now each waits for its answer. */
    private List<Case> overTheBastion(Pass pass, Map<Case, FallBack> fallBacks, Map<Case, Ask> questions) {
        List<Case> asked = new ArrayList<>(bastionAct.fallBack(pass, fallBacks));
        asked.addAll(bastionAct.ask(pass, questions));
        List<Case> noted = new ArrayList<>();
        for (Case c : asked) {
            Decision decision = c.decision();
            pass.decided(c.instance(), decision);
            noted.add(noted(c, decision));
        }
        return noted;
    }

    /** Notes on the stay what keeps it from its run, so that an abandonment at the deadline can say it. */
    private Case noted(Case c, Decision decision) {
        if (c.seen().stay().isEmpty() || !c.stay().isOpen() || !(decision instanceof Wait wait)) {
            return c;
        }
        Instant now = ports.clock().instant();
        Optional<Trouble> mistake = c.seen().trouble().filter(t -> t.kind() == Trouble.Kind.MISCONFIGURED);
        if (mistake.isPresent() && wait.reason() != Reason.MISCONFIGURED) {
            return c.with(c.stay().withTrouble(mistake.get().at(now)));
        }
        return switch (wait.reason()) {
            case MISCONFIGURED -> c.with(c.stay().withTrouble(trouble(c, Trouble.Kind.MISCONFIGURED, wait, now)));
            case RETRYABLE -> c.with(c.stay().withTrouble(trouble(c, Trouble.Kind.RETRYABLE, wait, now)));
            case AGENT, RUN, BACKOFF -> c.with(c.stay().withTroubleOver());
            case HOOK, STATE, CLAIM -> c;
        };
    }

    /** The trouble that the decision was taken for, where it was; else what the decision says. */
    private static Trouble trouble(Case c, Trouble.Kind kind, Wait wait, Instant now) {
        return c.seen()
                .trouble()
                .filter(t -> t.kind() == kind && t.message().equals(wait.why()))
                .map(t -> t.at(now))
                .orElseGet(() -> new Trouble(kind, wait.why(), now));
    }

    /** One page for each new mistake, however many instances wait because of it, and in whatever words it is told. */
    private void pageMistakes(Pass pass, List<Case> cases) {
        Map<String, List<String>> news = new TreeMap<>();
        Map<String, String> messages = new TreeMap<>();
        for (Case c : cases) {
            Optional<Trouble> trouble = c.seen().stay().flatMap(Stay::trouble);
            if (trouble.isPresent()
                    && trouble.get().kind() == Trouble.Kind.MISCONFIGURED
                    && !c.loaded().stay().flatMap(Stay::trouble).equals(trouble)) {
                messages.putIfAbsent(trouble.get().key(), trouble.get().message());
                news.computeIfAbsent(trouble.get().key(), m -> new ArrayList<>())
                        .add(c.instance().value());
            }
        }
        news.forEach((key, instances) -> ports.journal()
                .pageOnce(
                        "misconfigured",
                        pass.fleet().name() + " " + key,
                        instances.size() + " instance(s) of " + pass.fleet().name()
                                + " wait for somebody to repair this: " + messages.get(key),
                        Map.of(
                                "fleet",
                                pass.fleet().name().value(),
                                "instances",
                                instances,
                                "error",
                                messages.get(key))));
    }

    private static Map<InstanceId, Decision> all(List<Member> members, Decision decision) {
        Map<InstanceId, Decision> decisions = new TreeMap<>();
        members.forEach(m -> decisions.put(m.instance(), decision));
        return decisions;
    }

    /** Another batch comes first in each minute. */
    private List<List<InstanceId>> rotated(List<List<InstanceId>> batches) {
        List<List<InstanceId>> rotated = new ArrayList<>(batches);
        long minute = ports.clock().instant().getEpochSecond() / 60;
        // A stride that leads from the front to the middle and on, since neighbours have waited equally long.
        Collections.rotate(rotated, (int) (minute * STRIDE % Math.max(1, batches.size())));
        return rotated;
    }

    private static List<List<InstanceId>> batches(Collection<InstanceId> instances) {
        List<InstanceId> sorted = instances.stream().sorted().toList();
        List<List<InstanceId>> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += BATCH) {
            batches.add(sorted.subList(from, Math.min(from + BATCH, sorted.size())));
        }
        return batches;
    }
}
