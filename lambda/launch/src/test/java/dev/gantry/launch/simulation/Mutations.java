package dev.gantry.launch.simulation;

import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Failures;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.IdSource;
import dev.gantry.launch.port.Journal;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.reconcile.Ports;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Ports that pass on everything except one thing, so that a planted bug takes one line. */
final class Mutations {
    private Mutations() {}

    /** The ports with some of them changed. */
    static Ports groups(Ports p, Function<Groups, Groups> change) {
        return of(p, change.apply(p.groups()), p.commands(), p.ledger(), p.fleets(), p.failures(), p.journal());
    }

    static Ports commands(Ports p, Function<Commands, Commands> change) {
        return of(p, p.groups(), change.apply(p.commands()), p.ledger(), p.fleets(), p.failures(), p.journal());
    }

    static Ports failures(Ports p, Function<Failures, Failures> change) {
        return of(p, p.groups(), p.commands(), p.ledger(), p.fleets(), change.apply(p.failures()), p.journal());
    }

    static Ports names(Ports p, IdSource changed) {
        return new Ports(
                p.groups(),
                p.agents(),
                p.commands(),
                p.bastion(),
                p.stored(),
                p.journal(),
                new Ports.Worker(changed, p.clock(), p.takeover()),
                p.ahead());
    }

    /** What is written instead of each change of the release. */
    static Ports releases(Ports p, BinaryOperator<Release> written) {
        return of(
                p,
                p.groups(),
                p.commands(),
                p.ledger(),
                new PassingFleets(p.fleets(), view -> view, written),
                p.failures(),
                p.journal());
    }

    static Ports journal(Ports p, Journal changed) {
        return of(p, p.groups(), p.commands(), p.ledger(), p.fleets(), p.failures(), changed);
    }

    static Ports ledger(Ports p, Function<Ledger, Ledger> change) {
        return of(p, p.groups(), p.commands(), change.apply(p.ledger()), p.fleets(), p.failures(), p.journal());
    }

    static Ports takeover(Ports p, Duration takeover) {
        return new Ports(
                p.groups(),
                p.agents(),
                p.commands(),
                p.bastion(),
                p.stored(),
                p.journal(),
                new Ports.Worker(p.ids(), p.clock(), takeover),
                p.ahead());
    }

    /** Replaces the progress of each instance. */
    static Ports progress(Ports p, UnaryOperator<Commands.Progress> taken) {
        return commands(p, commands -> new PassingCommands(commands) {
            @Override
            public Map<String, Map<InstanceId, Progress>> progress(Collection<String> ids) {
                Map<String, Map<InstanceId, Progress>> seen = new TreeMap<>(super.progress(ids));
                seen.replaceAll((id, each) -> {
                    Map<InstanceId, Progress> changed = new TreeMap<>(each);
                    changed.replaceAll((i, progress) -> taken.apply(progress));
                    return changed;
                });
                return seen;
            }
        });
    }

    /** Replaces each answer to a send. */
    static Ports sends(Ports p, UnaryOperator<Commands.Sent> taken) {
        return commands(p, commands -> new PassingCommands(commands) {
            @Override
            public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
                Map<InstanceId, Sent> answers = new TreeMap<>(super.send(order, instances));
                answers.replaceAll((i, sent) -> taken.apply(sent));
                return answers;
            }
        });
    }

    /** Replaces each described state. */
    static Ports states(Ports p, UnaryOperator<String> taken) {
        return describedStates(sweptStates(p, taken), taken);
    }

    /** Replaces each state that a signal's look describes. */
    static Ports describedStates(Ports p, UnaryOperator<String> taken) {
        return groups(p, groups -> new PassingGroups(groups) {
            @Override
            public Map<InstanceId, Member> describe(Collection<InstanceId> instances) {
                Map<InstanceId, Member> seen = new TreeMap<>(super.describe(instances));
                seen.replaceAll((i, m) -> changed(m, taken));
                return seen;
            }
        });
    }

    /** Replaces each state that a sweep sees. */
    static Ports sweptStates(Ports p, UnaryOperator<String> taken) {
        return groups(p, groups -> new PassingGroups(groups) {
            @Override
            public Map<FleetName, List<Member>> members(Collection<FleetName> names) {
                Map<FleetName, List<Member>> seen = new TreeMap<>(super.members(names));
                seen.replaceAll((g, members) ->
                        members.stream().map(m -> changed(m, taken)).toList());
                return seen;
            }
        });
    }

    private static Groups.Member changed(Groups.Member m, UnaryOperator<String> taken) {
        return new Groups.Member(m.instance(), m.group(), taken.apply(m.state()));
    }

    /** What is stored instead of each record; if nothing is, the write still reports success. */
    static Ports writes(Ports p, Function<Ledger.Entry, Optional<Ledger.Entry>> stored) {
        return ledger(p, ledger -> new PassingLedger(ledger) {
            @Override
            public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
                Map<InstanceId, Entry> kept = new TreeMap<>();
                Map<InstanceId, Result<Optional<Entry>>> answers = new TreeMap<>();
                changes.forEach((i, e) -> stored.apply(e)
                        .ifPresentOrElse(s -> kept.put(i, s), () -> answers.put(i, new Result.Ok<>(Optional.of(e)))));
                answers.putAll(super.write(fleet, kept));
                return answers;
            }
        });
    }

    /** The answer to each record's write. */
    static Ports written(
            Ports p, BiFunction<Ledger.Entry, Result<Optional<Ledger.Entry>>, Result<Optional<Ledger.Entry>>> taken) {
        return ledger(p, ledger -> new PassingLedger(ledger) {
            @Override
            public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
                Map<InstanceId, Result<Optional<Entry>>> answers = new TreeMap<>(super.write(fleet, changes));
                answers.replaceAll((i, answer) -> taken.apply(changes.get(i), answer));
                return answers;
            }
        });
    }

    /** Replaces settings and release. */
    static Ports views(Ports p, UnaryOperator<Fleets.View> taken) {
        return of(
                p,
                p.groups(),
                p.commands(),
                p.ledger(),
                new PassingFleets(p.fleets(), view -> view.map(taken), (before, after) -> after),
                p.failures(),
                p.journal());
    }

    /** The settings and the release that were read first; they never change. */
    static Ports firstView(Ports p) {
        Fleets first = new PassingFleets(
                p.fleets(),
                new Function<>() {
                    private Optional<Fleets.View> kept = Optional.empty();

                    @Override
                    public Optional<Fleets.View> apply(Optional<Fleets.View> view) {
                        kept = kept.or(() -> view);
                        return kept;
                    }
                },
                (before, after) -> after);
        return of(p, p.groups(), p.commands(), p.ledger(), first, p.failures(), p.journal());
    }

    static Ports policy(Ports p, UnaryOperator<Policy> taken) {
        return views(p, view -> {
            Fleet f = view.fleet();
            Fleet changed = new Fleet(
                    f.name(),
                    f.hook(),
                    f.document(),
                    f.playbook(),
                    f.extraVariables(),
                    f.installDependencies(),
                    f.verbose(),
                    taken.apply(f.policy()));
            return new Fleets.View(changed, view.release(), view.trouble());
        });
    }

    /** Replaces what is known about agents. */
    static Ports agents(Ports p, UnaryOperator<Agent> taken) {
        Agents changed = instances -> {
            Map<InstanceId, Agent> seen = new TreeMap<>(p.agents().describe(instances));
            seen.replaceAll((i, agent) -> taken.apply(agent));
            return seen;
        };
        return asking(p, changed);
    }

    /** The same ports, with these agents. */
    static Ports asking(Ports p, Agents agents) {
        return new Ports(p.groups(), agents, p.commands(), p.bastion(), p.stored(), p.journal(), p.worker(), p.ahead());
    }

    private static Ports of(
            Ports p,
            Groups groups,
            Commands commands,
            Ledger ledger,
            Fleets fleets,
            Failures failures,
            Journal journal) {
        return new Ports(
                groups,
                p.agents(),
                commands,
                p.bastion(),
                new Ports.Stored(ledger, fleets, failures),
                journal,
                p.worker(),
                p.ahead());
    }

    /** Passes everything on. */
    static class PassingFailures implements Failures {
        private final Failures to;

        PassingFailures(Failures to) {
            this.to = to;
        }

        @Override
        public void record(
                FleetName fleet, BundleId bundle, InstanceId instance, int stay, Failure failure, Instant at) {
            to.record(fleet, bundle, instance, stay, failure, at);
        }

        @Override
        public Set<InstanceId> failed(FleetName fleet, BundleId bundle, Optional<Instant> after) {
            return to.failed(fleet, bundle, after);
        }

        @Override
        public void abandoned(FleetName fleet, InstanceId instance, int stay, Instant decidedAt, Cause cause) {
            to.abandoned(fleet, instance, stay, decidedAt, cause);
        }

        @Override
        public int abandonments(FleetName fleet, Instant since) {
            return to.abandonments(fleet, since);
        }
    }

    /** Passes everything on. */
    static class PassingGroups implements Groups {
        private final Groups to;

        PassingGroups(Groups to) {
            this.to = to;
        }

        @Override
        public Map<InstanceId, Member> describe(Collection<InstanceId> instances) {
            return to.describe(instances);
        }

        @Override
        public Map<FleetName, List<Member>> members(Collection<FleetName> names) {
            return to.members(names);
        }

        @Override
        public ActionResult complete(
                FleetName group, String hook, InstanceId instance, Optional<String> token, Ending ending) {
            return to.complete(group, hook, instance, token, ending);
        }

        @Override
        public ActionResult heartbeat(FleetName group, String hook, InstanceId instance) {
            return to.heartbeat(group, hook, instance);
        }

        @Override
        public boolean isLaunchSuspended(FleetName group) {
            return to.isLaunchSuspended(group);
        }

        @Override
        public void suspendLaunch(FleetName group) {
            to.suspendLaunch(group);
        }

        @Override
        public void resumeLaunch(FleetName group) {
            to.resumeLaunch(group);
        }
    }

    /** Completes whichever action is active. */
    static final class WithoutTokens extends PassingGroups {
        WithoutTokens(Groups to) {
            super(to);
        }

        @Override
        public ActionResult complete(
                FleetName group, String hook, InstanceId instance, Optional<String> token, Ending ending) {
            return super.complete(group, hook, instance, Optional.empty(), ending);
        }
    }

    /** Keeps no list of the instances that wait. */
    static final class Forgetful extends PassingLedger {
        Forgetful(Ledger to) {
            super(to);
        }

        @Override
        public void keepWaiting(FleetName fleet, Waiting waiting) {}
    }

    /** Passes everything on. */
    static class PassingCommands implements Commands {
        private final Commands to;

        PassingCommands(Commands to) {
            this.to = to;
        }

        @Override
        public Map<InstanceId, Sent> send(RunOrder order, Collection<InstanceId> instances) {
            return to.send(order, instances);
        }

        @Override
        public Map<String, Map<InstanceId, Progress>> progress(Collection<String> ids) {
            return to.progress(ids);
        }

        @Override
        public Map<InstanceId, String> find(RunId run, Instant since) {
            return to.find(run, since);
        }

        @Override
        public Optional<Command> describe(String commandId) {
            return to.describe(commandId);
        }
    }

    static class PassingLedger implements Ledger {
        private final Ledger to;

        PassingLedger(Ledger to) {
            this.to = to;
        }

        @Override
        public Map<InstanceId, Result<Entry>> load(FleetName fleet, Collection<InstanceId> instances) {
            return to.load(fleet, instances);
        }

        @Override
        public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
            return to.write(fleet, changes);
        }

        @Override
        public Waiting waiting(FleetName fleet) {
            return to.waiting(fleet);
        }

        @Override
        public void keepWaiting(FleetName fleet, Waiting waiting) {
            to.keepWaiting(fleet, waiting);
        }
    }

    private record PassingFleets(
            Fleets to, Function<Optional<View>, Optional<View>> taken, BinaryOperator<Release> written)
            implements Fleets {
        @Override
        public Set<FleetName> names() {
            return to.names();
        }

        @Override
        public Optional<View> find(FleetName fleet) {
            return taken.apply(to.find(fleet));
        }

        @Override
        public Release change(FleetName fleet, UnaryOperator<Release> change) {
            return to.change(fleet, before -> written.apply(before, change.apply(before)));
        }

        @Override
        public Optional<String> flaw(FleetName fleet, BundleId bundle) {
            return to.flaw(fleet, bundle);
        }
    }
}
