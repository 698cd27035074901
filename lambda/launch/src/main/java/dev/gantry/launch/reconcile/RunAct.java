package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision;
import dev.gantry.launch.decide.Decision.Reason;
import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.decide.DecisionTable;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.Sent;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.IdSource;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Claims runs, sends them, and keeps what became of the sends. The claim is in the ledger before anything is sent. */
final class RunAct {
    private final Commands commands;
    private final Fleets fleets;
    private final Journal journal;
    private final InstantSource clock;
    private final IdSource ids;

    RunAct(Commands commands, Fleets fleets, Journal journal, InstantSource clock, IdSource ids) {
        this.commands = commands;
        this.fleets = fleets;
        this.journal = journal;
        this.clock = clock;
        this.ids = ids;
    }

    /** What may share one command. */
    private record Batch(BundleId bundle, int attempt, Optional<RunId> resend) {}

    /** Runs each case's bundle; answers with what is known of the cases after their sends. */
    List<Case> run(Pass pass, Map<Case, Run> wanted) {
        Map<Batch, List<Case>> batches = new TreeMap<>(Comparator.comparing(Batch::bundle)
                .thenComparing(Batch::attempt)
                .thenComparing(b -> b.resend().map(RunId::value).orElse("")));
        wanted.forEach((c, run) -> batches.computeIfAbsent(
                        new Batch(run.bundle(), run.attempt(), run.resend()), b -> new ArrayList<>())
                .add(c));
        List<Case> known = new ArrayList<>();
        batches.forEach((batch, cases) -> known.addAll(runTogether(pass, batch, cases)));
        return known;
    }

    private List<Case> runTogether(Pass pass, Batch batch, List<Case> cases) {
        Optional<GantryException> flaw = flaw(pass, batch.bundle());
        if (flaw.isPresent()) {
            cases.forEach(c -> pass.failed(c, flaw.get()));
            return List.of();
        }
        RunId run = batch.resend().orElseGet(ids::run);
        List<Case> claimed = pass.store(
                cases.stream().map(c -> c.with(claim(c.stay(), batch, run))).toList());
        if (claimed.isEmpty()) {
            return List.of();
        }
        Map<InstanceId, Stay> unclaimed = cases.stream().collect(Collectors.toMap(Case::instance, Case::stay));
        List<InstanceId> ids = claimed.stream().map(Case::instance).sorted().toList();
        Map<InstanceId, Sent> outcomes =
                commands.send(new Commands.Order(pass.fleet(), batch.bundle(), run, batch.attempt()), ids);
        log(pass, batch, run, outcomes);
        List<Case> news = new ArrayList<>();
        claimed.forEach(c ->
                news.add(c.with(after(pass, c, unclaimed.get(c.instance()), batch, run, outcomes.get(c.instance())))));
        pass.store(news.stream().filter(Case::isNews).toList());
        return news;
    }

    /** Asked before each claim, because a view of the fleet may be a minute old and a bundle runs as root. */
    private Optional<GantryException> flaw(Pass pass, BundleId bundle) {
        try {
            return fleets.flaw(pass.fleet().name(), bundle).map(why -> new GantryException.Misconfigured(why));
        } catch (GantryException e) {
            return Optional.of(e);
        }
    }

    private Stay claim(Stay stay, Batch batch, RunId run) {
        Instant now = clock.instant();
        return batch.resend().isPresent()
                ? stay.changing(run, a -> a.reclaimed(ids.owner(), now))
                : stay.with(Attempt.claimed(batch.attempt(), run, ids.owner(), batch.bundle(), now));
    }

    /** A send that was certainly not accepted leaves the stay as it was: a resend that was refused keeps its run's id. */
    private Stay after(Pass pass, Case claimed, Stay unclaimed, Batch batch, RunId run, Sent sent) {
        Stay stay = claimed.stay();
        Attempt attempt = stay.lastAttempt().orElseThrow();
        if (sent instanceof Sent.Accepted accepted) {
            decided(pass, claimed, Reason.RUN, Optional.empty(), "run " + batch.attempt() + " was sent: " + run);
            return stay.with(attempt.sent(accepted.commandId())).withTroubleOver();
        } else if (sent instanceof Sent.NotRegistered) {
            decided(
                    pass,
                    claimed,
                    Reason.AGENT,
                    Optional.of(DecisionTable.AGENT_LOOK),
                    "Systems Manager did not accept the instance yet");
            return unclaimed;
        } else if (sent instanceof Sent.Refused refused) {
            pass.decided(claimed.instance(), Pass.waitFor(refused.error()));
            return unclaimed.withTrouble(refused.error().asTrouble(clock.instant()));
        }
        decided(pass, claimed, Reason.CLAIM, Optional.empty(), "nobody knows whether the command was sent: " + run);
        return stay;
    }

    private static void decided(Pass pass, Case c, Reason reason, Optional<java.time.Duration> again, String why) {
        pass.decided(c.instance(), new Decision.Wait(reason, again, why));
    }

    private void log(Pass pass, Batch batch, RunId run, Map<InstanceId, Sent> outcomes) {
        journal.log(
                "run_sent",
                Map.of(
                        "fleet", pass.fleet().name().value(),
                        "run", run.value(),
                        "bundle", batch.bundle().sha256(),
                        "attempt", batch.attempt(),
                        "resend", batch.resend().isPresent(),
                        "outcomes",
                                outcomes.entrySet().stream()
                                        .collect(Collectors.toMap(
                                                e -> e.getKey().value(),
                                                e -> brief(e.getValue()),
                                                (a, b) -> a,
                                                TreeMap::new))));
    }

    private static String brief(Sent sent) {
        if (sent instanceof Sent.Accepted accepted) {
            return accepted.commandId();
        } else if (sent instanceof Sent.Refused refused) {
            return "refused: " + refused.error().getMessage();
        } else if (sent instanceof Sent.Unclear unclear) {
            return "unclear: " + unclear.why();
        }
        return "not registered";
    }
}
