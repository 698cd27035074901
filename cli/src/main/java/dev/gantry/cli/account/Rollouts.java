package dev.gantry.cli.account;

import dev.gantry.aws.ssm.RolloutSender;
import dev.gantry.cli.base.Problem;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.Commands.Sent;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups.Member;
import dev.gantry.launch.stay.Agent;
import dev.gantry.operator.Rollout.Outcome;
import dev.gantry.operator.RolloutTargets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Applies a fleet's current bundle to instances that are in service: straight to Run Command, with the caller's permissions. */
public final class Rollouts {
    /** Beyond what a run may take by the fleet's settings, Systems Manager says its end within minutes. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final Account account;
    private final Fleet fleet;
    private final BundleId bundle;

    Rollouts(Account account, FleetName name) {
        Fleets fleets = account.fleetsOfBucket();
        Fleets.View view = fleets.find(name).orElseThrow(() -> Problem.noFleet(name));
        if (view.fleet().policy().mode() == Policy.Mode.UNKNOWN) {
            throw new Problem(
                    Problem.REFUSED,
                    "the settings of fleet " + name + " cannot be used: "
                            + view.trouble().map(trouble -> trouble.message()).orElse("gantry doctor says why"));
        }
        this.account = account;
        this.fleet = view.fleet();
        this.bundle = view.release()
                .launchable()
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "fleet " + name + " has no current bundle that may be used; gantry releases " + name
                                + " lists them"));
        fleets.flaw(name, bundle).ifPresent(flaw -> {
            throw new Problem(Problem.REFUSED, flaw);
        });
    }

    public BundleId bundle() {
        return bundle;
    }

    /** The group's instances as they are now; of these alone where some are named. */
    public RolloutTargets targets(Set<InstanceId> wanted) {
        List<Member> members = account.groups().members(Set.of(fleet.name())).get(fleet.name());
        if (members == null) {
            throw new Problem(Problem.REFUSED, "there is no Auto Scaling group " + fleet.name() + " in this Region");
        }
        return RolloutTargets.of(members, wanted);
    }

    /**
     * One command, or the few of it that absent agents made of one.
     *
     * @param untouched those that did not get it, each with why
     */
    public record Begun(Set<String> commands, Set<InstanceId> instances, Map<InstanceId, Outcome> untouched) {}

    /** Sends it to those of them that are in service at this moment, and whose agent is online. */
    public Begun begin(List<InstanceId> batch, int concurrency, int errors, boolean isCheck) {
        Map<InstanceId, Outcome> untouched = new TreeMap<>();
        Map<InstanceId, Member> now = account.groups().describe(batch);
        RolloutTargets targets = RolloutTargets.of(ofFleet(now.values()), new TreeSet<>(batch));
        targets.passedOver()
                .forEach((instance, state) ->
                        untouched.put(instance, Outcome.untouched("is no longer in service: " + state)));
        Map<InstanceId, Agent> agents = account.agents().describe(targets.inService());
        Set<InstanceId> online = new TreeSet<>();
        targets.inService().forEach(instance -> {
            if (Optional.ofNullable(agents.get(instance)).filter(Agent::online).isPresent()) {
                online.add(instance);
            } else {
                untouched.put(instance, Outcome.untouched("its agent is not online"));
            }
        });
        return online.isEmpty()
                ? new Begun(Set.of(), Set.of(), untouched)
                : send(online, new RolloutSender.Pace(concurrency, errors, isCheck), untouched);
    }

    private List<Member> ofFleet(Collection<Member> members) {
        return members.stream()
                .filter(member -> member.group().equals(fleet.name()))
                .toList();
    }

    private Begun send(Set<InstanceId> online, RolloutSender.Pace pace, Map<InstanceId, Outcome> untouched) {
        RunId run = RunId.drawn(new SecureRandom());
        Instant since = account.clock().instant();
        RolloutSender sender = new RolloutSender(
                account.clients().sender(),
                account.clients().region(),
                account.place().bucket());
        Set<String> commands = new TreeSet<>();
        Set<InstanceId> instances = new TreeSet<>();
        sender.send(new RunOrder(fleet, bundle, run, 1), pace, online).forEach((instance, sent) -> {
            if (sent instanceof Sent.Accepted accepted) {
                commands.add(accepted.commandId());
                instances.add(instance);
            } else if (sent instanceof Sent.Refused refused) {
                throw refused.error();
            } else if (sent instanceof Sent.Unclear unclear) {
                String command = found(run, since, instance, unclear);
                commands.add(command);
                instances.add(instance);
            } else {
                untouched.put(instance, Outcome.untouched("Systems Manager does not know it"));
            }
        });
        return new Begun(commands, instances, untouched);
    }

    /** A command is never sent twice: after an unclear answer it is looked up by its run id. */
    private String found(RunId run, Instant since, InstanceId instance, Sent.Unclear unclear) {
        return Optional.ofNullable(account.commands().find(run, since).get(instance))
                .orElseThrow(() -> new Problem(
                        Problem.AWS,
                        "whether the command was sent to " + instance + " is not known: " + unclear.why()
                                + ". Look for it by its comment: aws ssm list-commands --query"
                                + " \"Commands[?contains(Comment, '" + run + "')]\""));
    }

    /** How far the command is on each of its instances. */
    public Map<InstanceId, Progress> progress(Begun begun) {
        Map<InstanceId, Progress> all = new HashMap<>();
        account.commands().progress(begun.commands()).values().forEach(all::putAll);
        all.keySet().retainAll(begun.instances());
        return all;
    }

    /** When the last of a command's runs must have ended, one after the other where only so many run at a time. */
    public Instant latest(Begun begun, int concurrency) {
        long turns = (begun.instances().size() + concurrency - 1L) / Math.max(1, concurrency);
        Duration run = fleet.policy().deliveryTimeout().plus(fleet.policy().runTimeout());
        return account.clock()
                .instant()
                .plus(run.multipliedBy(Math.max(1, turns)))
                .plus(GRACE);
    }

    /** Ends a command as far as Systems Manager can: instances whose turn has not come do not begin. */
    public void cancel(Begun begun) {
        begun.commands()
                .forEach(command -> Calls.said(
                        "CancelCommand " + command,
                        () -> account.clients().ssm().cancelCommand(request -> request.commandId(command))));
    }

    /** What Ansible wrote, for each instance that has an output. */
    public Map<InstanceId, String> outputs(Begun begun, Collection<InstanceId> instances) {
        return new RunOutputs(account.clients().ssm()).of(begun.commands(), Set.copyOf(instances));
    }

    /** The ids of a command's runs, for people. */
    public static String words(Begun begun) {
        return begun.commands().stream().collect(Collectors.joining(", "));
    }
}
