package dev.gantry.launch.reconcile;

import dev.gantry.launch.decide.Decision.Run;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Commands.Sent;
import dev.gantry.launch.port.EventType;
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

/** Claims runs, sends them, and stores the results of the sends. The claim is in the ledger before anything is sent. */
final class RunAct {
    private final Commands commands;
    private final Fleets fleets;
    private final LedgerWriter ledger;
    private final Journal journal;
    private final InstantSource clock;
    private final IdSource ids;

    RunAct(Ports ports, LedgerWriter ledger) {
        this.commands = ports.commands();
        this.fleets = ports.fleets();
        this.ledger = ledger;
        this.journal = ports.journal();
        this.clock = ports.clock();
        this.ids = ports.ids();
    }

    /** What instances must have in common to share one command. */
    private record Batch(BundleId bundle, int attempt, Optional<RunId> resend) {}

    /** Runs each instance's bundle; the answer has what is known of the instances after their sends. */
    Acted run(FleetFacts facts, Map<ObservedInstance, Run> wanted) {
        Map<Batch, List<ObservedInstance>> batches = new TreeMap<>(Comparator.comparing(Batch::bundle)
                .thenComparing(Batch::attempt)
                .thenComparing(b -> b.resend().map(RunId::value).orElse("")));
        wanted.forEach((c, run) -> batches.computeIfAbsent(
                        new Batch(run.bundle(), run.attempt(), run.resend()), b -> new ArrayList<>())
                .add(c));
        Acted acted = Acted.NOTHING;
        for (Map.Entry<Batch, List<ObservedInstance>> batch : batches.entrySet()) {
            acted = acted.then(runTogether(facts, batch.getKey(), batch.getValue()));
        }
        return acted;
    }

    private Acted runTogether(FleetFacts facts, Batch batch, List<ObservedInstance> instances) {
        Optional<GantryException> flaw = flaw(facts, batch.bundle());
        if (flaw.isPresent()) {
            return Acted.none(
                    instances.stream().map(c -> Outcomes.failed(c, flaw.get())).reduce(Outcomes.NONE, Outcomes::then));
        }
        RunId run = batch.resend().orElseGet(ids::run);
        Acted claimed = ledger.store(
                facts.name(),
                instances.stream().map(c -> c.with(claim(c.stay(), batch, run))).toList());
        if (claimed.instances().isEmpty()) {
            return claimed;
        }
        Map<InstanceId, Sent> answers = commands.send(
                new Commands.RunOrder(facts.fleet(), batch.bundle(), run, batch.attempt()),
                claimed.instances().stream()
                        .map(ObservedInstance::instance)
                        .sorted()
                        .toList());
        log(facts, batch, run, answers);
        return Acted.none(claimed.outcomes()).then(keep(facts, afterSending(instances, claimed.instances(), answers)));
    }

    /** A send that was certainly not accepted leaves the stay as it was: a resend that was refused keeps its run's id. */
    private Acted afterSending(
            List<ObservedInstance> before, List<ObservedInstance> claimed, Map<InstanceId, Sent> answers) {
        Map<InstanceId, Stay> unclaimed =
                before.stream().collect(Collectors.toMap(ObservedInstance::instance, ObservedInstance::stay));
        Acted after = Acted.NOTHING;
        for (ObservedInstance c : claimed) {
            after = after.then(
                    answers.get(c.instance()).fold(new AfterSend(c, unclaimed.get(c.instance()), clock.instant())));
        }
        return after;
    }

    /** Stores the results of the sends; the answer has them even if they could not be stored. */
    private Acted keep(FleetFacts facts, Acted sent) {
        Acted stored = ledger.store(
                facts.name(),
                sent.instances().stream().filter(ObservedInstance::isNews).toList());
        return new Acted(sent.instances(), sent.outcomes().then(stored.outcomes()));
    }

    /** Checked before each claim, because a view of the fleet may be a minute old and a bundle runs as root. */
    private Optional<GantryException> flaw(FleetFacts facts, BundleId bundle) {
        try {
            return fleets.flaw(facts.name(), bundle).map(why -> new GantryException.Misconfigured(why));
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

    private void log(FleetFacts facts, Batch batch, RunId run, Map<InstanceId, Sent> outcomes) {
        journal.log(
                EventType.RUN_SENT,
                Map.of(
                        "fleet", facts.name().value(),
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
        return sent.fold(new Sent.Cases<>() {
            @Override
            public String accepted(Sent.Accepted accepted) {
                return accepted.commandId();
            }

            @Override
            public String notRegistered() {
                return "not registered";
            }

            @Override
            public String refused(Sent.Refused refused) {
                return "refused: " + refused.error().getMessage();
            }

            @Override
            public String unclear(Sent.Unclear unclear) {
                return "unclear: " + unclear.why();
            }
        });
    }
}
