package dev.gantry.launch.simulation;

import static dev.gantry.launch.simulation.Mutations.agents;
import static dev.gantry.launch.simulation.Mutations.commands;
import static dev.gantry.launch.simulation.Mutations.describedStates;
import static dev.gantry.launch.simulation.Mutations.failures;
import static dev.gantry.launch.simulation.Mutations.groups;
import static dev.gantry.launch.simulation.Mutations.journal;
import static dev.gantry.launch.simulation.Mutations.ledger;
import static dev.gantry.launch.simulation.Mutations.names;
import static dev.gantry.launch.simulation.Mutations.policy;
import static dev.gantry.launch.simulation.Mutations.progress;
import static dev.gantry.launch.simulation.Mutations.releases;
import static dev.gantry.launch.simulation.Mutations.sends;
import static dev.gantry.launch.simulation.Mutations.states;
import static dev.gantry.launch.simulation.Mutations.takeover;
import static dev.gantry.launch.simulation.Mutations.views;
import static dev.gantry.launch.simulation.Mutations.writes;
import static dev.gantry.launch.simulation.Mutations.written;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.Sent;
import dev.gantry.launch.port.EventType;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Groups.ActionResult;
import dev.gantry.launch.port.IdSource;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.release.BreakerState;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.release.Suspension;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Lifecycle;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Planted bugs that the simulation must find. Each behaves as if the domain had the bug of its name. */
enum Mutant {
    DELAYED_TAKEN_AS_FAILED(p -> progress(p, x -> isUnderWay(x, "Delayed") ? failed() : x)),
    PENDING_TAKEN_AS_FAILED(p -> progress(p, x -> isUnderWay(x, "Pending") ? failed() : x)),
    IN_PROGRESS_TAKEN_AS_SUCCESS(p -> progress(p, x -> isUnderWay(x, "InProgress") ? succeeded() : x)),
    UNDELIVERED_TAKEN_AS_FAILED(p -> progress(p, x -> ended(x, Verdict.Undelivered.class) ? failed() : x)),
    UNDELIVERED_TAKEN_AS_SUCCESS(p -> progress(p, x -> ended(x, Verdict.Undelivered.class) ? succeeded() : x)),
    REFUSED_TAKEN_AS_FAILED(p -> progress(p, x -> ended(x, Verdict.Refused.class) ? failed() : x)),
    FAILED_TAKEN_AS_SUCCESS(p -> progress(p, x -> ended(x, Verdict.RunFailed.class) ? succeeded() : x)),
    COMPLETION_BEFORE_THE_RECORD(p -> writes(p, e -> isIntention(e) ? Optional.empty() : Optional.of(e))),
    NO_CLAIM(p -> writes(p, e -> isClaim(e) ? Optional.empty() : Optional.of(e))),
    UNCONDITIONAL_WRITES(p -> ledger(p, Overwriting::new)),
    WRITE_ERRORS_IGNORED(p -> written(p, (e, r) -> r instanceof Result.Err ? new Result.Ok<>(Optional.of(e)) : r)),
    CONFLICTING_WRITES_IGNORED(p -> written(p, (e, r) -> isRefused(r) ? new Result.Ok<>(Optional.of(e)) : r)),
    TAKEOVER_TOO_EARLY(p -> takeover(p, Duration.ZERO)),
    UNCLEAR_SEND_REPEATED(p -> commands(p, SendingTwice::new)),
    UNCLEAR_SEND_TAKEN_AS_REFUSED(p -> sends(p, x -> x instanceof Sent.Unclear ? refused() : x)),
    RESENT_UNDER_ANOTHER_RUN(p -> commands(p, Renaming::new)),
    NO_HEARTBEAT(p -> groups(p, Heartless::new)),
    HEARTBEAT_TOO_LATE(p -> policy(p, Mutant::withLateHeartbeat)),
    THROTTLED_HEARTBEAT_TAKEN_AS_OVER(p -> groups(p, GivingUp::new)),
    STALE_ONLINE_BELIEVED(
            p -> agents(p, a -> new Agent(a.online(), Optional.of(p.clock().instant())))),
    WARM_GATE_FORGOTTEN(p -> states(p, s -> s.equals("Warmed:Pending:Wait") ? "Warmed:Pending" : s)),
    WARM_GATE_TAKEN_AS_SERVICE_GATE(p -> states(p, s -> s.equals("Warmed:Pending:Wait") ? "Pending:Wait" : s)),
    RELEASE_NEVER_READ_AGAIN(Mutations::firstView),
    QUARANTINE_IGNORED(p -> views(p, Mutant::withoutQuarantine)),
    ANY_COMMAND_BY_HAND_COUNTS(p -> commands(p, c -> new Believing(c, p.fleets()))),
    FIRST_FAILURE_ABANDONS(p -> policy(p, x -> with(x, x.launchDeadline(), 1, x.heartbeat(), x.hold(), x.mode()))),
    DEADLINE_TOO_EARLY(p -> policy(p, Mutant::withEarlyDeadline)),
    HOLD_FORGOTTEN(
            p -> policy(p, x -> with(x, x.launchDeadline(), x.attempts(), x.heartbeat(), Duration.ZERO, x.mode()))),
    OBSERVED_FLEET_GETS_RUNS(p -> policy(p, x -> inMode(x, Policy.Mode.OBSERVE, Policy.Mode.ENFORCE))),
    FLEET_IS_ONLY_OBSERVED(p -> policy(p, x -> inMode(x, Policy.Mode.ENFORCE, Policy.Mode.OBSERVE))),
    ABANDONMENT_NOT_PAGED(p -> journal(p, new Silent(p.journal(), EventType.ABANDONED))),
    FAILURE_NOT_RECORDED(p -> failures(p, Forgetful::new)),
    CONFIGURATION_ERROR_TAKEN_AS_FAILED(p -> commands(p, Blaming::new)),
    RETURN_TO_THE_WARM_POOL_NOT_NOTED(p -> states(p, s -> s.equals("Warmed:Stopped") ? "Warmed:Pending" : s)),
    OLDER_DESCRIPTION_BELIEVED(p -> describedStates(p, s -> s.equals("Warmed:Stopped") ? "Detached" : s)),
    TOKENS_IGNORED(p -> groups(p, Mutations.WithoutTokens::new)),
    WAITING_NOT_REMEMBERED(p -> ledger(p, Mutations.Forgetful::new)),
    IDS_SHARED_BY_TWO_WORKERS(p -> names(p, new OneId())),
    BREAKER_COUNTS_NOTHING(p -> failures(p, f -> new Counting(f, (failed, all) -> Set.of()))),
    BREAKER_COUNTS_WHAT_A_SUCCESS_CLEARED(p -> failures(p, f -> new Counting(f, (failed, all) -> all))),
    BREAKER_COUNTS_ONE_TOO_MANY(p -> failures(p, f -> new Counting(f, (failed, all) -> withOneMore(failed)))),
    ABANDONMENTS_NOT_COUNTED(p -> failures(p, Uncounted::new)),
    QUARANTINE_NOT_KEPT(p -> releases(p, (before, after) -> with(after, before.quarantined(), after.breaker()))),
    QUARANTINED_BUNDLE_STAYS_CURRENT(p -> releases(p, Mutant::stayingCurrent)),
    SUCCESS_NOT_REMEMBERED(p -> releases(p, (before, after) -> isSuccess(before, after) ? before : after)),
    QUARANTINE_FORGOTTEN_BY_A_PROPOSAL(p ->
            releases(p, (before, after) -> isProposal(before, after) ? with(after, Map.of(), after.breaker()) : after)),
    QUARANTINE_NOT_PAGED(p -> journal(p, new Silent(p.journal(), EventType.BREAKER_OPENED))),
    SUSPENSION_INTENT_NOT_WRITTEN(p -> releases(p, Mutant::withoutSuspension)),
    SUSPENSION_NOT_CARRIED_OUT(p -> groups(p, Launching::new)),
    BREAKER_OF_AN_IDLE_FLEET_FORGOTTEN(p -> groups(p, Idling::new)),
    SUSPENSION_BY_OTHERS_TAKEN_AS_OURS(p -> groups(p, Claiming::new)),
    OPERATOR_HOLD_LOST_BY_A_RENEWAL(p -> writes(p, e -> Optional.of(withoutHold(e)))),
    FALLS_BACK_BECAUSE_OF_A_CONFIGURATION_ERROR(BastionMutations::refusalsAreSilence),
    FALLS_BACK_BEFORE_ITS_DEADLINE(p -> policy(p, Mutant::withEarlyFallback)),
    FALLS_BACK_BECAUSE_OF_ONE_CALL(BastionMutations::hasty),
    NEW_RUN_WHILE_A_COMMAND_MAY_RUN(p -> BastionMutations.detours(p, BastionMutations::renamed)),
    BUSY_TAKEN_AS_FAILED(p -> BastionMutations.said(p, BastionMutations::busyFailed)),
    UNDER_WAY_TAKEN_AS_SUCCESS(p -> BastionMutations.said(p, BastionMutations::underWaySucceeded)),
    UNKNOWN_TAKEN_AS_OVER(p -> BastionMutations.said(p, BastionMutations::unknownOver)),
    UNREACHED_TAKEN_AS_OVER(p -> BastionMutations.said(p, BastionMutations::unreachedOver)),
    INTERRUPTED_TAKEN_AS_FAILED(p -> BastionMutations.said(p, BastionMutations::interruptedFailed)),
    ANSWER_OF_ANOTHER_RUN_BELIEVED(BastionMutations::anyAnswer),
    QUESTIONS_NOT_REMEMBERED(
            p -> BastionMutations.detours(p, a -> BastionMutations.askedLater(a, Duration.ofHours(-1)))),
    QUESTIONS_NEVER_REPEATED(p -> BastionMutations.detours(p, a -> BastionMutations.askedLater(a, Duration.ofDays(1))));

    /** A function without state; the checker cannot know that. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final UnaryOperator<Ports> planted;

    Mutant(UnaryOperator<Ports> planted) {
        this.planted = planted;
    }

    UnaryOperator<Ports> planted() {
        return planted;
    }

    private static boolean isUnderWay(Progress progress, String status) {
        return progress instanceof Progress.UnderWay underWay
                && underWay.status().equals(status);
    }

    private static boolean ended(Progress progress, Class<? extends Verdict> verdict) {
        return progress instanceof Progress.Ended ended && verdict.isInstance(ended.verdict());
    }

    private static Progress failed() {
        return new Progress.Ended(
                new Verdict.RunFailed(new Failure("runShellScript", Optional.empty(), "taken as failed", 1, "")));
    }

    private static Progress succeeded() {
        return new Progress.Ended(new Verdict.Succeeded());
    }

    private static Sent refused() {
        return new Sent.Refused(new GantryException.Retryable("taken as refused", null));
    }

    private static boolean isIntention(Ledger.Entry entry) {
        return entry.stay()
                .flatMap(s -> s.closing())
                .filter(c -> c.doneAt().isEmpty())
                .isPresent();
    }

    private static Ledger.Entry withoutHold(Ledger.Entry entry) {
        return entry.stay()
                .filter(s -> s.intervention()
                        .hold()
                        .filter(hold ->
                                s.heartbeatAt().filter(hold.at()::isBefore).isPresent())
                        .isPresent())
                .map(s -> entry.with(s.with(Intervention.NONE)))
                .orElse(entry);
    }

    private static boolean isClaim(Ledger.Entry entry) {
        return entry.stay()
                .flatMap(s -> s.lastAttempt())
                .filter(a -> a.isUnderWay() && a.commandId().isEmpty())
                .filter(a -> a.absence().equals(Attempt.Absence.NONE))
                .isPresent();
    }

    private static boolean isRefused(Result<Optional<Ledger.Entry>> result) {
        return result instanceof Result.Ok<Optional<Ledger.Entry>> ok
                && ok.value().isEmpty();
    }

    private static Policy with(
            Policy p, Duration deadline, int attempts, Duration heartbeat, Duration hold, Policy.Mode mode) {
        return p.but()
                .launchDeadline(deadline)
                .attempts(attempts)
                .heartbeat(heartbeat)
                .hold(hold)
                .mode(mode)
                .build();
    }

    private static Policy inMode(Policy p, Policy.Mode from, Policy.Mode to) {
        return with(p, p.launchDeadline(), p.attempts(), p.heartbeat(), p.hold(), p.mode() == from ? to : p.mode());
    }

    private static Policy withLateHeartbeat(Policy p) {
        return with(p, p.launchDeadline(), p.attempts(), p.heartbeat().multipliedBy(4), p.hold(), p.mode());
    }

    private static Policy withEarlyDeadline(Policy p) {
        return p.but()
                .launchDeadline(p.launchDeadline().dividedBy(2))
                .agentDeadline(Duration.ofSeconds(30))
                .backoff(Duration.ofSeconds(1))
                .deliveryTimeout(Duration.ofSeconds(30))
                .runTimeout(Duration.ofSeconds(5))
                .fallback(Fallback.NEVER)
                .build();
    }

    private static Policy withEarlyFallback(Policy p) {
        return p.fallback().isUsed() ? p.with(Fallback.whenUnreachable(Duration.ofSeconds(1))) : p;
    }

    private static Fleets.View withoutQuarantine(Fleets.View view) {
        Release r = view.release();
        return new Fleets.View(
                view.fleet(), new Release(r.current(), r.lastGood(), Map.of(), r.breaker()), view.trouble());
    }

    private static Release with(Release r, Map<BundleId, String> quarantined, BreakerState breaker) {
        return new Release(r.current(), r.lastGood(), quarantined, breaker);
    }

    private static Release stayingCurrent(Release before, Release after) {
        boolean isOpened = after.quarantined().size() > before.quarantined().size();
        return isOpened ? new Release(before.current(), after.lastGood(), after.quarantined(), after.breaker()) : after;
    }

    private static boolean isSuccess(Release before, Release after) {
        return before.current().equals(after.current())
                && before.quarantined().equals(after.quarantined())
                && !before.breaker().countFrom().equals(after.breaker().countFrom());
    }

    private static boolean isProposal(Release before, Release after) {
        return before.quarantined().equals(after.quarantined())
                && !before.current().equals(after.current());
    }

    private static Release withoutSuspension(Release before, Release after) {
        BreakerState b = after.breaker();
        return with(
                after,
                after.quarantined(),
                new BreakerState(Suspension.NONE, Optional.empty(), b.countFrom(), b.liftedAt(), b.unannounced()));
    }

    private static Set<InstanceId> withOneMore(Set<InstanceId> failed) {
        Set<InstanceId> more = new TreeSet<>(failed);
        if (!failed.isEmpty()) {
            more.add(new InstanceId("i-0000ffff"));
        }
        return more;
    }

    /** What is counted instead of the failures since the last success, given those and all. */
    private static final class Counting extends Mutations.PassingFailures {
        private final BinaryOperator<Set<InstanceId>> taken;

        Counting(Failures to, BinaryOperator<Set<InstanceId>> taken) {
            super(to);
            this.taken = taken;
        }

        @Override
        public Set<InstanceId> failed(FleetName fleet, BundleId bundle, Optional<Instant> after) {
            return taken.apply(super.failed(fleet, bundle, after), super.failed(fleet, bundle, Optional.empty()));
        }
    }

    private static final class Uncounted extends Mutations.PassingFailures {
        Uncounted(Failures to) {
            super(to);
        }

        @Override
        public int abandonments(FleetName fleet, Instant since) {
            return 0;
        }
    }

    private static final class Forgetful extends Mutations.PassingFailures {
        Forgetful(Failures to) {
            super(to);
        }

        @Override
        public void record(
                FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {}
    }

    private static final class Launching extends Mutations.PassingGroups {
        Launching(Groups to) {
            super(to);
        }

        @Override
        public void suspendLaunch(FleetName group) {}
    }

    /** Groups without waiting instances are not swept. */
    private static final class Idling extends Mutations.PassingGroups {
        Idling(Groups to) {
            super(to);
        }

        @Override
        public Map<FleetName, List<Member>> members(Collection<FleetName> names) {
            Map<FleetName, List<Member>> seen = new TreeMap<>(super.members(names));
            seen.values().removeIf(members -> members.stream()
                    .map(Member::state)
                    .map(Lifecycle::of)
                    .noneMatch(state -> state.gate().isPresent() || state == Lifecycle.AWAY));
            return seen;
        }
    }

    private static final class Claiming extends Mutations.PassingGroups {
        Claiming(Groups to) {
            super(to);
        }

        @Override
        public boolean isLaunchSuspended(FleetName group) {
            return false;
        }

        @Override
        public void suspendLaunch(FleetName group) {
            if (!super.isLaunchSuspended(group)) {
                super.suspendLaunch(group);
            }
        }
    }

    /** The output of a random source in a snapshot from which two workers were restored. */
    private static final class OneId implements IdSource {
        @Override
        public String owner() {
            return "owner";
        }

        @Override
        public RunId run() {
            return new RunId("run-00000001");
        }
    }

    private static final class Overwriting extends Mutations.PassingLedger {
        Overwriting(Ledger to) {
            super(to);
        }

        @Override
        public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
            Map<InstanceId, Result<Entry>> now = load(fleet, changes.keySet());
            Map<InstanceId, Entry> forced = new TreeMap<>(changes);
            forced.replaceAll((i, e) -> now.get(i) instanceof Result.Ok<Entry> ok
                    ? new Entry(e.stay(), ok.value().version())
                    : e);
            return super.write(fleet, forced);
        }
    }

    private static final class SendingTwice extends Mutations.PassingCommands {
        SendingTwice(Commands to) {
            super(to);
        }

        @Override
        public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
            Map<InstanceId, Sent> first = super.send(order, instances);
            return first.values().stream().anyMatch(Sent.Unclear.class::isInstance)
                    ? super.send(order, instances)
                    : first;
        }
    }

    private static final class Renaming extends Mutations.PassingCommands {
        private int sent;

        Renaming(Commands to) {
            super(to);
        }

        @Override
        public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
            sent++;
            RunId other = sent > 1 ? new RunId(order.run().value() + "x") : order.run();
            return super.send(new RunOrder(order.fleet(), order.bundle(), other, order.attempt()), instances);
        }
    }

    private static final class Believing extends Mutations.PassingCommands {
        private final Fleets fleets;

        Believing(Commands to, Fleets fleets) {
            super(to);
            this.fleets = fleets;
        }

        @Override
        public Optional<Command> describe(String commandId) {
            Optional<BundleId> current =
                    fleets.find(Scenario.WEB).flatMap(view -> view.release().launchable());
            return super.describe(commandId)
                    .map(c -> new Command(c.document(), c.version(), current, c.run(), c.requestedAt()));
        }
    }

    /** A refused send is taken for a failed run. */
    private static final class Blaming extends Mutations.PassingCommands {
        Blaming(Commands to) {
            super(to);
        }

        @Override
        public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
            Map<InstanceId, Sent> answers = new TreeMap<>(super.send(order, instances));
            answers.replaceAll((i, sent) -> sent instanceof Sent.Refused ? new Sent.Accepted("refused-" + i) : sent);
            return answers;
        }

        @Override
        public Map<String, Map<InstanceId, Progress>> progress(Collection<String> ids) {
            Map<String, Map<InstanceId, Progress>> seen = new TreeMap<>(super.progress(ids));
            ids.stream()
                    .filter(id -> id.startsWith("refused-"))
                    .forEach(id -> seen.put(id, Map.of(new InstanceId(id.substring("refused-".length())), failed())));
            return seen;
        }
    }

    private static final class Heartless extends Mutations.PassingGroups {
        Heartless(Groups to) {
            super(to);
        }

        @Override
        public ActionResult heartbeat(FleetName group, String hook, InstanceId instance) {
            return ActionResult.ACCEPTED;
        }
    }

    private static final class GivingUp extends Mutations.PassingGroups {
        GivingUp(Groups to) {
            super(to);
        }

        @Override
        public ActionResult heartbeat(FleetName group, String hook, InstanceId instance) {
            try {
                return super.heartbeat(group, hook, instance);
            } catch (GantryException e) {
                return ActionResult.NO_ACTIVE_ACTION;
            }
        }
    }

    private record Silent(Journal to, EventType unannounced) implements Journal {
        @Override
        public void log(EventType type, Map<String, ?> fields) {
            to.log(type, fields);
        }

        @Override
        public void page(EventType type, String message, Map<String, ?> fields) {
            if (type != unannounced) {
                to.page(type, message, fields);
            }
        }
    }
}
