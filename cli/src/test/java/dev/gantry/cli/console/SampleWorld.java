package dev.gantry.cli.console;

import dev.gantry.cli.console.page.Doctored;
import dev.gantry.cli.console.page.FleetSeen;
import dev.gantry.cli.console.page.InstanceSeen;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.stay.Failure;
import dev.gantry.operator.BundleLine;
import dev.gantry.operator.DeploymentDoctor;
import dev.gantry.operator.Explanation;
import dev.gantry.operator.Explanation.Deadline;
import dev.gantry.operator.Explanation.Mood;
import dev.gantry.operator.Finding;
import dev.gantry.operator.FleetLine;
import dev.gantry.operator.LaunchLine;
import dev.gantry.operator.RunOutput;
import dev.gantry.operator.SampleCheckups;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * Invented fleets: one busy with every kind of launch, one quiet, one that the breaker stopped, one with a name as
 * long as Auto Scaling allows, one that is observed.
 */
final class SampleWorld {
    static final Instant NOW = Instant.parse("2026-11-29T03:20:00Z");
    static final FleetName WEB = new FleetName("web");
    static final FleetName STOPPED = new FleetName("encoder-eu");
    private static final FleetName QUIET = new FleetName("origin");
    private static final FleetName OBSERVED = new FleetName("batch");
    private static final FleetName LONG =
            new FleetName("a-name/that is as long as+somebody*liked (and as hard to wrap) " + "x".repeat(80));
    private static final Duration DEADLINE = Duration.ofHours(1);
    private static final BundleId GOOD = bundle("3f5a90c2d1e4");
    private static final BundleId NEWER = bundle("9b1c77e0a4d2");
    private static final BundleId BAD = bundle("c0ffee12ab34");
    private static final String TASK = "rtsp_server : Prove that every stream can be played";
    static final Failure FAILURE = new Failure(
            "runShellScript",
            Optional.of(TASK),
            "stream north: nothing listens on port 8554",
            2,
            "the tail of the output");

    static final String OUTPUT =
            """
            Using /etc/ansible/ansible.cfg as config file

            PLAY [Apply the workload] ******************************************************

            TASK [Gathering Facts] *********************************************************
            ok: [localhost]

            TASK [rtsp_server : Install MediaMTX] ******************************************
            changed: [localhost] => {"changed": true, "dest": "/usr/local/bin/mediamtx", "size": 48211968}

            TASK [rtsp_server : Write the configuration] ***********************************
            changed: [localhost] => {"changed": true, "dest": "/etc/mediamtx/mediamtx.yml", "mode": "0640"}

            TASK [rtsp_server : Start the service] *****************************************
            changed: [localhost] => {"changed": true, "name": "mediamtx", "state": "started"}

            TASK [rtsp_server : Prove that every stream can be played] *********************
            fatal: [localhost]: FAILED! => {"attempts": 5, "changed": false, "msg": "stream north: nothing listens on port 8554"}

            PLAY RECAP *********************************************************************
            localhost                  : ok=4    changed=3    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0
            """;

    private static BundleId bundle(String digits) {
        return new BundleId((digits + "0".repeat(64)).substring(0, 64));
    }

    private final List<FleetLine> moreFleets = new CopyOnWriteArrayList<>();
    private final List<LaunchLine> moreLaunches = new CopyOnWriteArrayList<>();
    private final List<InstanceSeen> moreInstances = new CopyOnWriteArrayList<>();

    /** One more fleet with a launch, from now on. */
    void add(FleetLine fleet, LaunchLine launch, InstanceSeen instance) {
        moreInstances.add(instance);
        moreLaunches.add(launch);
        moreFleets.add(fleet);
    }

    List<FleetLine> fleets() {
        List<FleetLine> all = new ArrayList<>(usual());
        all.addAll(moreFleets);
        return all;
    }

    private static List<FleetLine> usual() {
        return List.of(
                line(OBSERVED, "observe", new FleetLine.Counts(0, 4, Optional.of(0)), List.of()),
                stopped(),
                line(
                        LONG,
                        "enforce",
                        new FleetLine.Counts(0, 0, Optional.empty()),
                        List.of("DescribeAutoScalingGroups of"
                                + " 5 groups: not permitted: autoscaling:DescribeAutoScalingGroups is missing")),
                line(QUIET, "enforce", new FleetLine.Counts(0, 12, Optional.of(0)), List.of()),
                web());
    }

    private static FleetLine line(FleetName name, String mode, FleetLine.Counts counts, List<String> troubles) {
        return new FleetLine(
                name,
                mode,
                new FleetLine.Bundles(Optional.of(GOOD.brief()), Optional.of(GOOD.brief()), 0, "closed"),
                counts,
                Optional.empty(),
                Optional.of(true),
                troubles);
    }

    private static FleetLine stopped() {
        return new FleetLine(
                STOPPED,
                "enforce",
                new FleetLine.Bundles(Optional.of(BAD.brief()), Optional.empty(), 1, "suspended"),
                new FleetLine.Counts(0, 0, Optional.of(3)),
                Optional.empty(),
                Optional.of(false),
                List.of("Gantry has suspended its launches: bundle " + BAD.brief()
                        + " is quarantined, and there is no other bundle that is known to be good"));
    }

    private static FleetLine web() {
        return new FleetLine(
                WEB,
                "enforce",
                new FleetLine.Bundles(Optional.of(NEWER.brief()), Optional.of(GOOD.brief()), 1, "closed"),
                new FleetLine.Counts(4, 38, Optional.of(2)),
                Optional.of(new Deadline(
                        NOW.minusSeconds(1260), NOW.minusSeconds(1260).plus(DEADLINE))),
                Optional.of(true),
                List.of());
    }

    Optional<FleetSeen> fleet(FleetName name) {
        return fleets().stream()
                .filter(line -> line.fleet().equals(name))
                .findFirst()
                .map(line -> new FleetSeen(
                        line,
                        launchesOf(name),
                        name.equals(LONG)
                                ? List.of("ListObjectsV2 was throttled: two launches could not be read")
                                : List.of(),
                        name.equals(QUIET) ? List.of() : bundles(name)));
    }

    private List<LaunchLine> launchesOf(FleetName name) {
        return name.equals(WEB)
                ? launches()
                : name.equals(STOPPED)
                        ? abandonedOnes()
                        : moreLaunches.stream()
                                .filter(line -> line.fleet().equals(name))
                                .toList();
    }

    private static List<BundleLine> bundles(FleetName name) {
        BundleLine bad = new BundleLine(
                BAD,
                Optional.of(NOW.minusSeconds(7200)),
                name.equals(STOPPED) ? "current, quarantined" : "quarantined",
                Optional.empty(),
                "3 instances failed with it since its last success: task '" + TASK + "'");
        BundleLine good = new BundleLine(
                GOOD, Optional.of(NOW.minusSeconds(260_000)), "last good", Optional.of(NOW.minusSeconds(5000)), "");
        BundleLine newer = new BundleLine(NEWER, Optional.of(NOW.minusSeconds(900)), "current", Optional.empty(), "");
        return name.equals(STOPPED) ? List.of(bad) : List.of(newer, bad, good);
    }

    private static List<LaunchLine> launches() {
        List<LaunchLine> lines = new ArrayList<>(List.of(
                Launches.held(id(1), 25),
                Launches.running(id(2), 96),
                Launches.retrying(id(3), 320),
                Launches.misconfigured(id(4), 1260)));
        Random random = new Random(7);
        IntStream.range(10, 70).forEach(i -> {
            int ago = 60 + (69 - i) * 47 + random.nextInt(30);
            lines.add(
                    i % 23 == 0
                            ? Launches.abandoned(id(i), ago, 130 + random.nextInt(60))
                            : Launches.provisioned(id(i), ago, 70 + random.nextInt(50)));
        });
        return lines;
    }

    private static List<LaunchLine> abandonedOnes() {
        return List.of(
                Launches.abandoned(id(80), 1400, 190),
                Launches.abandoned(id(81), 1100, 175),
                Launches.abandoned(id(82), 800, 181));
    }

    static InstanceId id(int number) {
        return new InstanceId(String.format("i-0a%015x", 0x1234567 * (long) number));
    }

    InstanceSeen instance(InstanceId id) {
        Optional<InstanceSeen> more = moreInstances.stream()
                .filter(seen -> seen.told().instance().equals(id))
                .reduce((earlier, later) -> later);
        if (more.isPresent()) {
            return more.get();
        }
        List<LaunchLine> all = new ArrayList<>(launches());
        all.addAll(abandonedOnes());
        Optional<LaunchLine> line =
                all.stream().filter(one -> one.instance().equals(id)).findFirst();
        return line.map(this::seen).orElseGet(() -> unknown(id));
    }

    private InstanceSeen seen(LaunchLine line) {
        boolean isLost = line.mood() == Mood.BAD && !line.isOpen();
        Explanation told = new Explanation(
                new Explanation.Subject(
                        line.instance(),
                        Optional.of(line.fleet()),
                        Optional.of(line.isOpen() ? "Pending:Wait" : isLost ? "Terminating" : "InService"),
                        NOW),
                new Explanation.Standing(line.mood(), Launches.headline(line), Optional.of(line.step()), line.words()),
                line.deadline(),
                Launches.story(line),
                isLost ? Optional.of(FAILURE) : Optional.empty(),
                List.of(
                        new Explanation.Exhibit(
                                "ledger",
                                "s3://gantry-sample/launches/" + line.fleet().encoded() + "/" + line.instance()
                                        + ".json"),
                        new Explanation.Exhibit("command", "47fde68e-e8e8-421f-bbb5-895a86cec5d3"),
                        new Explanation.Exhibit("run, bundle", "run-fmgxkywrjmhz7yfx, " + NEWER.sha256()),
                        new Explanation.Exhibit(
                                "log query",
                                "fields @timestamp, log_type, why | filter @message like \"" + line.instance()
                                        + "\" | sort @timestamp")),
                Launches.next(line),
                List.of());
        Optional<RunOutput> output = isLost
                ? Optional.of(
                        RunOutput.of("Standard output of run 2, from Systems Manager", false, OUTPUT, FAILURE.task()))
                : Optional.empty();
        return new InstanceSeen(told, Optional.of(line), output);
    }

    private static InstanceSeen unknown(InstanceId id) {
        return new InstanceSeen(
                new Explanation(
                        new Explanation.Subject(id, Optional.empty(), Optional.empty(), NOW),
                        new Explanation.Standing(
                                Mood.UNKNOWN,
                                "is in no Auto Scaling group of this account and Region",
                                Optional.empty(),
                                "no fleet's ledger knows it"),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(new Explanation.NextStep(
                                "Check the id, the account and the Region.", Optional.empty())),
                        List.of()),
                Optional.empty(),
                Optional.empty());
    }

    Doctored doctor() {
        List<Finding> findings = new ArrayList<>(DeploymentDoctor.check(SampleCheckups.deployed()));
        findings.add(new Finding(
                Finding.Kind.WRONG,
                "fleet web",
                "hook gantry has default result CONTINUE, and mode enforce needs ABANDON: while it stands, whatever Gantry"
                        + " cannot complete in time enters service",
                "scripts/bypass off --fleet web"));
        findings.add(new Finding(
                Finding.Kind.UNREAD,
                "document Gantry-ApplyAnsiblePlaybooks",
                "DescribeDocument: not permitted: ssm:DescribeDocument is missing",
                ""));
        return new Doctored(findings, List.of("rules and their targets", "quotas"));
    }
}
