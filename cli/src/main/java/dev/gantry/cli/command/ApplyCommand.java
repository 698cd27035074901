package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.Rollouts;
import dev.gantry.cli.base.Problem;
import dev.gantry.cli.screen.RolloutScreen;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.operator.PlayedTasks;
import dev.gantry.operator.Rollout;
import dev.gantry.operator.Rollout.Outcome;
import dev.gantry.operator.RolloutTargets;
import dev.gantry.operator.Share;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Day two: the current bundle to instances that are in service. */
@Command(
        name = "apply",
        description = "Applies a fleet's current bundle to its instances that are in service, and to no others.",
        footer = {
            "",
            "Commands of up to 50 instances, one after the other, with one count of errors. Nothing of it counts for the"
                    + " breaker. Ctrl-C begins no other instance; what has begun ends by itself.",
            "Exit code 1 where an instance failed or was not reached, and with --check where one has drifted.",
            "Example: gantry apply web --check"
        })
public final class ApplyCommand extends AccountCommand {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Mixin
    private FleetParameter fleet;

    @Option(names = "--check", description = "change nothing, and say what would change (Ansible's check mode)")
    private boolean checks;

    @Option(
            names = "--max-concurrency",
            paramLabel = "N|N%%",
            defaultValue = "10%",
            description = "so many instances at a time, at least one (default: 10%%)")
    private Share concurrency;

    @Option(
            names = "--max-errors",
            paramLabel = "N|N%%",
            defaultValue = "0",
            description = "stop when more than so many have failed (default: 0)")
    private Share errors;

    @Option(names = "--instance", paramLabel = "INSTANCE", description = "only this one; may be said again")
    private Set<InstanceId> instances = new TreeSet<>();

    @Override
    int run(Account account) throws InterruptedException {
        Rollouts rollouts = account.rollouts(fleet.name());
        RolloutTargets targets = rollouts.targets(instances);
        refuseOthers(targets);
        int atOnce = Math.max(1, concurrency.of(targets.inService().size()));
        Rollout rollout =
                Rollout.of(targets.inService(), errors.of(targets.inService().size()));
        say(RolloutScreen.beginning(fleet.name(), rollouts.bundle(), targets, checks, terminal()));
        Interruption interruption =
                Interruption.watch(rollouts, spec().commandLine().getErr());
        while (!rollout.next().isEmpty() && !interruption.isAsked()) {
            List<InstanceId> batch = rollout.next();
            int allowedStill = rollout.allowedStill();
            Optional<Rollouts.Begun> begun =
                    interruption.begin(() -> rollouts.begin(batch, atOnce, allowedStill, checks));
            if (begun.isPresent()) {
                rollout = rollout.with(ended(rollouts, begun.get(), atOnce));
            }
        }
        interruption.end();
        if (isJson()) {
            print(RolloutScreen.form(fleet.name(), rollouts.bundle(), rollout, targets, checks));
        } else {
            print(RolloutScreen.end(rollout, checks, terminal()));
        }
        boolean isWell = rollout.isGood() && (!checks || rollout.drifted().isEmpty());
        return isWell ? DONE : Problem.REFUSED;
    }

    /** Refuses if an instance that the operator named would be passed over. */
    private void refuseOthers(RolloutTargets targets) {
        if (!instances.isEmpty() && !targets.passedOver().isEmpty()) {
            throw new Problem(
                    Problem.REFUSED,
                    "only instances in service get a bundle by hand, and these are not: " + targets.passedOver());
        }
    }

    /** How it ended on each instance. */
    private Map<InstanceId, Outcome> ended(Rollouts rollouts, Rollouts.Begun begun, int atOnce)
            throws InterruptedException {
        Map<InstanceId, Outcome> outcomes = new LinkedHashMap<>(begun.untouched());
        begun.untouched().forEach(this::tell);
        Instant latest = rollouts.latest(begun, atOnce);
        while (!outcomes.keySet().containsAll(begun.instances())) {
            Thread.sleep(PAUSE.toMillis());
            Map<InstanceId, Outcome> ended = new LinkedHashMap<>(Rollout.ended(progress(rollouts, begun)));
            ended.keySet().removeAll(outcomes.keySet());
            detail(rollouts, begun, ended).forEach((instance, outcome) -> {
                outcomes.put(instance, outcome);
                tell(instance, outcome);
            });
            if (Instant.now().isAfter(latest)) {
                begun.instances()
                        .forEach(instance -> outcomes.putIfAbsent(
                                instance,
                                new Outcome(
                                        Rollout.Kind.FAILED,
                                        "Systems Manager has not said its end in time: command " + begun.commands(),
                                        Optional.empty())));
            }
        }
        return outcomes;
    }

    /** One look that AWS does not answer well is no reason to end. */
    private Map<InstanceId, Progress> progress(Rollouts rollouts, Rollouts.Begun begun) {
        try {
            return rollouts.progress(begun);
        } catch (GantryException e) {
            if (e.kind() == Trouble.Kind.MISCONFIGURED) {
                throw e;
            }
            return Map.of();
        }
    }

    /** What changed is in the output, which takes a call for each instance. */
    private Map<InstanceId, Outcome> detail(Rollouts rollouts, Rollouts.Begun begun, Map<InstanceId, Outcome> ended) {
        Set<InstanceId> succeeded = new HashSet<>();
        ended.forEach((instance, outcome) -> {
            if (outcome.kind() == Rollout.Kind.SUCCEEDED) {
                succeeded.add(instance);
            }
        });
        if (!checks || succeeded.isEmpty()) {
            return ended;
        }
        Map<InstanceId, Outcome> detailed = new LinkedHashMap<>(ended);
        rollouts.outputs(begun, succeeded)
                .forEach((instance, output) ->
                        detailed.computeIfPresent(instance, (id, was) -> was.with(PlayedTasks.changed(output))));
        return detailed;
    }

    private void tell(InstanceId instance, Outcome outcome) {
        say(RolloutScreen.line(instance, outcome, checks, terminal()));
    }

    /** Progress is for people; the form comes at the end. */
    private void say(List<String> lines) {
        if (!isJson()) {
            print(lines);
        }
    }
}
