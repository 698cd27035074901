package dev.gantry.launch.simulation;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Bastion;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Attempt.Detour;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Silence;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The parts of planted bugs of the bastion channel. */
final class BastionMutations {
    private BastionMutations() {}

    static Ports bastion(Ports p, Function<Bastion, Bastion> change) {
        return new Ports(
                p.groups(),
                p.agents(),
                p.commands(),
                change.apply(p.bastion()),
                p.stored(),
                p.journal(),
                p.worker(),
                p.ahead());
    }

    /** Replaces each answer. */
    static Ports said(Ports p, UnaryOperator<Said> taken) {
        return bastion(p, to -> new Passing(to) {
            @Override
            public Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs) {
                Map<InstanceId, Result<Optional<Reply>>> found = new TreeMap<>(super.replies(runs));
                found.replaceAll((instance, result) ->
                        changed(result, r -> new Reply(r.run(), r.instance(), r.askedAt(), taken.apply(r.said()))));
                return found;
            }
        });
    }

    private static Result<Optional<Reply>> changed(Result<Optional<Reply>> result, UnaryOperator<Reply> change) {
        return result instanceof Result.Ok<Optional<Reply>> ok
                ? new Result.Ok<>(ok.value().map(change))
                : result;
    }

    static Said busyFailed(Said said) {
        return said instanceof Said.Busy ? failed("busy") : said;
    }

    static Said underWaySucceeded(Said said) {
        return said instanceof Said.UnderWay ? new Said.Ended(new Verdict.Succeeded()) : said;
    }

    static Said unknownOver(Said said) {
        return said instanceof Said.Unknown ? new Said.Ended(new Verdict.Undelivered("it is not known")) : said;
    }

    static Said unreachedOver(Said said) {
        return said instanceof Said.Failed failed && failed.kind() == Trouble.Kind.RETRYABLE
                ? new Said.Ended(new Verdict.Undelivered("the instance was not reached"))
                : said;
    }

    static Said interruptedFailed(Said said) {
        return said instanceof Said.Ended ended && ended.verdict() instanceof Verdict.Undelivered
                ? failed("interrupted")
                : said;
    }

    private static Said failed(String how) {
        return new Said.Ended(
                new Verdict.RunFailed(new Failure("bastion", Optional.empty(), how + ", taken as failed", 1, "")));
    }

    /** The last answer about an instance is taken for one about the run that is asked about. */
    static Ports anyAnswer(Ports p) {
        Map<InstanceId, RunId> first = new HashMap<>();
        return bastion(p, to -> new Passing(to) {
            @Override
            public Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs) {
                Map<InstanceId, RunId> others = new TreeMap<>(runs);
                others.replaceAll((instance, run) -> first.computeIfAbsent(instance, i -> run));
                Map<InstanceId, Result<Optional<Reply>>> found = new TreeMap<>(super.replies(others));
                found.replaceAll((instance, result) ->
                        changed(result, r -> new Reply(runs.get(instance), r.instance(), r.askedAt(), r.said())));
                return found;
            }
        });
    }

    /** Systems Manager's refusals are taken for its silence. */
    static Ports refusalsAreSilence(Ports p) {
        Ports quiet =
                Mutations.asking(p, instances -> unlessRefused(() -> p.agents().describe(instances)));
        return Mutations.commands(quiet, to -> new Mutations.PassingCommands(to) {
            @Override
            public Map<String, Map<InstanceId, Progress>> progress(Collection<String> ids) {
                return unlessRefused(() -> super.progress(ids));
            }

            @Override
            public Map<InstanceId, String> find(RunId run, java.time.Instant since) {
                return unlessRefused(() -> super.find(run, since));
            }

            @Override
            public Optional<Commands.Command> describe(String commandId) {
                return unlessRefused(() -> super.describe(commandId));
            }
        });
    }

    private static <T> T unlessRefused(Supplier<T> call) {
        try {
            return call.get();
        } catch (GantryException.Misconfigured e) {
            throw new GantryException.Retryable(String.valueOf(e.getMessage()), e);
        }
    }

    /** What is stored instead of each run over the bastion. */
    static Ports detours(Ports p, UnaryOperator<Attempt> written) {
        return Mutations.writes(
                p,
                entry -> Optional.of(changed(entry, stay -> stay.lastAttempt()
                        .filter(a -> a.isOverTheBastion() && a.isUnderWay())
                        .map(a -> stay.with(written.apply(a)))
                        .orElse(stay))));
    }

    /** A run whose command Systems Manager has gets an id of its own over the bastion. */
    static Attempt renamed(Attempt a) {
        RunId other = new RunId(a.runId().value().replace("run-1", "run-2"));
        return a.commandId().isEmpty()
                ? a
                : new Attempt(
                        a.number() + (a.runId().equals(other) ? 0 : 1),
                        other,
                        a.bundle(),
                        a.claim(),
                        a.commandId(),
                        a.absence(),
                        a.detour(),
                        a.end());
    }

    /** Stores the time of the last question with this error. */
    static Attempt askedLater(Attempt a, Duration by) {
        Detour d = a.detour().orElseThrow();
        return new Attempt(
                a.number(),
                a.runId(),
                a.bundle(),
                a.claim(),
                a.commandId(),
                a.absence(),
                Optional.of(new Detour(d.why(), d.asks(), a.claimedAt().plus(by))),
                a.end());
    }

    /** One look without an answer is taken for a silence. */
    static Ports hasty(Ports p) {
        return Mutations.writes(
                p,
                entry -> Optional.of(changed(entry, stay -> stay.silence()
                        .filter(s -> s.looks() == 1)
                        .map(s -> new Silence(3, s.since().minusSeconds(60), s.last()))
                        .map(s -> with(stay, s))
                        .orElse(stay))));
    }

    private static Stay with(Stay s, Silence silence) {
        return new Stay(
                s.opening(),
                s.heartbeatAt(),
                s.attempts(),
                s.trouble(),
                Optional.of(silence),
                s.intervention(),
                s.interruptedAt(),
                s.closing());
    }

    private static Ledger.Entry changed(Ledger.Entry entry, UnaryOperator<Stay> change) {
        return entry.with(change.apply(entry.stay().orElseThrow()));
    }

    /** Passes everything on. */
    private static class Passing implements Bastion {
        private final Bastion to;

        Passing(Bastion to) {
            this.to = to;
        }

        @Override
        public Optional<String> missing() {
            return to.missing();
        }

        @Override
        public Map<InstanceId, GantryException> ask(Collection<BastionQuestion> questions) {
            return to.ask(questions);
        }

        @Override
        public Map<InstanceId, Result<Optional<Reply>>> replies(Map<InstanceId, RunId> runs) {
            return to.replies(runs);
        }
    }
}
