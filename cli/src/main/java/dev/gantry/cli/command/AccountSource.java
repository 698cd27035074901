package dev.gantry.cli.command;

import dev.gantry.cli.account.Account;
import dev.gantry.cli.account.CheckupReader;
import dev.gantry.cli.account.FleetReader;
import dev.gantry.cli.console.Source;
import dev.gantry.cli.console.page.Doctored;
import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.cli.console.page.InstanceSeen;
import dev.gantry.cli.console.page.Setting;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.operator.BundleLine;
import dev.gantry.operator.DeploymentDoctor;
import dev.gantry.operator.Doctor;
import dev.gantry.operator.Evidence;
import dev.gantry.operator.Explainer;
import dev.gantry.operator.Explanation;
import dev.gantry.operator.Finding;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.LaunchLines;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the console shows, read with the same readers as the other commands. */
final class AccountSource implements Source {
    /** How long settings, releases, bundles and suspensions are cached; launches are not. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final Account account;
    private final Duration since;
    private final String options;
    private final Clock clock;
    private Optional<Round> round = Optional.empty();

    AccountSource(Account account, Duration since, String options, Clock clock) {
        this.account = account;
        this.since = since;
        this.options = options;
        this.clock = clock;
    }

    /** What is kept for some seconds: the reader with its settings, the fleets, and their bundles. */
    private final class Round {
        private final Instant from = clock.instant();
        private final FleetReader reader = account.fleets();
        private final Set<FleetName> names = reader.names();
        private final Map<FleetName, List<BundleLine>> bundles = new ConcurrentHashMap<>();

        boolean isOver() {
            return clock.instant().isAfter(from.plus(KEPT));
        }

        List<BundleLine> bundles(FleetName name) {
            return bundles.computeIfAbsent(
                    name, fleet -> account.releases(fleet).lines());
        }
    }

    private synchronized Round round() {
        Round now = round.filter(kept -> !kept.isOver()).orElseGet(Round::new);
        round = Optional.of(now);
        return now;
    }

    /** The same; a new one where the fleet is younger than the last. */
    private synchronized Round round(FleetName fleet) {
        boolean isNew =
                !round().names.contains(fleet) && account.fleets().names().contains(fleet);
        if (isNew) {
            round = Optional.empty();
        }
        return round();
    }

    @Override
    public Setting setting() {
        return new Setting(account.place().region(), account.place().bucket(), account.isAws(), options);
    }

    @Override
    public List<FleetLine> fleets() {
        Round now = round();
        return now.reader.lines(now.names);
    }

    @Override
    public Optional<FleetSeen> fleet(FleetName name) {
        Round now = round(name);
        if (!now.names.contains(name)) {
            return Optional.empty();
        }
        FleetReader.Launches launches =
                now.reader.launches(Set.of(name), clock.instant().minus(since));
        return Optional.of(new FleetSeen(
                now.reader.lines(Set.of(name)).get(0),
                LaunchLines.of(account.runs().measured(launches.launches())),
                launches.notes(),
                now.bundles(name)));
    }

    @Override
    public InstanceSeen instance(InstanceId id) {
        Evidence seen =
                account.runs().measured(List.of(account.evidence().of(id))).get(0);
        Optional<LaunchLine> line = seen.gantry().fleet().map(fleet -> LaunchLines.of(seen));
        Explanation told = Explainer.explain(seen);
        return new InstanceSeen(told, line, account.runs().lastOutput(seen, told.failure()));
    }

    @Override
    public Doctored doctor() {
        CheckupReader checkups = account.checkups();
        List<Finding> findings = new ArrayList<>(DeploymentDoctor.check(checkups.deployed()));
        checkups.fleets().forEach(name -> findings.addAll(Doctor.check(checkups.fleet(name))));
        return new Doctored(findings, DoctorCommand.UNCHECKED);
    }

    @Override
    public long calls() {
        return account.calls();
    }
}
