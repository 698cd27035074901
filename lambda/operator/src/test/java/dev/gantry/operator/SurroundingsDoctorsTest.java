package dev.gantry.operator;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.port.Result;
import dev.gantry.operator.Guarded.Bucket;
import dev.gantry.operator.Guarded.BucketKey;
import dev.gantry.operator.Guarded.Denial;
import dev.gantry.operator.Guarded.Quota;
import dev.gantry.operator.Surroundings.Endpoint;
import dev.gantry.operator.Surroundings.Machine;
import dev.gantry.operator.Surroundings.Out;
import dev.gantry.operator.Surroundings.Profile;
import dev.gantry.operator.Surroundings.Walls;
import dev.gantry.operator.Surroundings.Way;
import dev.gantry.operator.Wired.Mapping;
import dev.gantry.operator.Wired.Rule;
import dev.gantry.operator.Wired.Schedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The surroundings of a fleet: one fault is planted at a time, and must be the only finding, with the right repair. */
class SurroundingsDoctorsTest {
    private static final Place PLACE = new Place("eu-central-1", "gantry-operator", "gantry-bucket");
    private static final String QUEUE = "arn:aws:sqs:eu-central-1:111122223333:gantry-launches";
    private static final String SWEEP = "arn:aws:lambda:eu-central-1:111122223333:function:gantry-sweep:live";
    private static final Machine RUNNING = new Machine("running", "subnet-1", "vpc-1", false, true);
    private static final Profile ROLE = new Profile("web", Optional.of("web"), Set.of());
    private static final Way NAT = new Way(Out.OTHER, "rtb-1", false);
    private static final Walls OPEN = new Walls(List.of("sg-1"), true);

    private static Wired wired(Optional<Rule> launch, List<Mapping> mappings, Optional<Schedule> schedule) {
        Map<String, Result<Optional<Rule>>> rules = new LinkedHashMap<>();
        rules.put("gantry-launch", new Result.Ok<>(launch));
        rules.put("gantry-commands", new Result.Ok<>(Optional.of(new Rule("gantry-commands", true, List.of(QUEUE)))));
        return new Wired(PLACE, Optional.of(QUEUE), rules, new Result.Ok<>(mappings), new Result.Ok<>(schedule));
    }

    private static Optional<Rule> launch() {
        return Optional.of(new Rule("gantry-launch", true, List.of(QUEUE)));
    }

    private static List<Mapping> mapping(String state, boolean reports) {
        return List.of(new Mapping("4c3f", "gantry-launch-queue:live", state, reports));
    }

    private static Optional<Schedule> schedule(boolean isEnabled, String target) {
        return Optional.of(new Schedule("gantry-sweep", isEnabled, target));
    }

    private static Arguments wiring(
            String fault,
            Optional<Rule> launch,
            List<Mapping> mappings,
            Optional<Schedule> schedule,
            String what,
            String mend) {
        return planted(fault, () -> WiringDoctor.check(wired(launch, mappings, schedule)), what, mend);
    }

    private static Guarded guarded(
            Optional<Bucket> bucket, Optional<BucketKey> key, List<Denial> denials, Quota quota) {
        return new Guarded(
                PLACE,
                new Result.Ok<>(bucket),
                new Result.Ok<>(key),
                Map.of("gantry-sweep", new Result.Ok<>(denials)),
                List.of(new Result.Ok<>(quota)));
    }

    private static Optional<Bucket> bucket() {
        return Optional.of(new Bucket(true, true));
    }

    private static Optional<BucketKey> key() {
        return Optional.of(new BucketKey("1234abcd", "Enabled"));
    }

    private static Quota quota(long used) {
        return new Quota("Elastic IP addresses", used, 5, 1, "release one");
    }

    private static Surroundings around(
            Optional<Machine> machine, Optional<Profile> profile, Way way, Walls walls, List<Endpoint> endpoints) {
        return new Surroundings(
                new Surroundings.Where("i-0123456789abcdef0", "eu-central-1"),
                new Result.Ok<>(machine),
                new Result.Ok<>(profile),
                new Result.Ok<>(way),
                new Result.Ok<>(walls),
                new Result.Ok<>(endpoints),
                new Result.Ok<>(List.of("amazon-ssm-agent: no credentials")),
                new Result.Ok<>(quota(0)));
    }

    private static Arguments network(String fault, Surroundings seen, String what, String mend) {
        return planted(fault, () -> NetworkDoctor.check(seen), what, mend);
    }

    private static Arguments planted(String fault, Supplier<List<Finding>> check, String what, String mend) {
        return Arguments.of(fault, check, what, mend);
    }

    private static Arguments network(String fault, Machine machine, Way way, String what, String mend) {
        return network(fault, around(Optional.of(machine), Optional.of(ROLE), way, OPEN, List.of()), what, mend);
    }

    private static Arguments network(String fault, Optional<Profile> profile, Walls walls, String what, String mend) {
        return network(fault, around(Optional.of(RUNNING), profile, NAT, walls, List.of()), what, mend);
    }

    private static Arguments network(String fault, Endpoint ssm, String what, String mend) {
        Endpoint messages = new Endpoint("vpce-2", "ssmmessages", "available", true, true);
        Way none = new Way(Out.NONE, "rtb-1", false);
        return network(
                fault, around(Optional.of(RUNNING), Optional.of(ROLE), none, OPEN, List.of(ssm, messages)), what, mend);
    }

    static Stream<Arguments> wiringFaults() {
        List<Mapping> mapped = mapping("Enabled", true);
        Optional<Schedule> scheduled = schedule(true, SWEEP);
        Rule elsewhere = new Rule("gantry-launch", true, List.of("arn:aws:sqs:eu-central-1:1:other"));
        return Stream.of(
                wiring("no rule", Optional.empty(), mapped, scheduled, "a minute late", "terraform apply"),
                wiring(
                        "a disabled rule",
                        Optional.of(new Rule("gantry-launch", false, List.of(QUEUE))),
                        mapped,
                        scheduled,
                        "it is disabled",
                        "aws events enable-rule --name gantry-launch"),
                wiring("another target", Optional.of(elsewhere), mapped, scheduled, "none of its targets", "apply"),
                wiring("no mapping", launch(), List.of(), scheduled, "nothing works off", "terraform apply"),
                wiring(
                        "a disabled mapping",
                        launch(),
                        mapping("Disabled", true),
                        scheduled,
                        "it is Disabled",
                        "update-event-source-mapping --enabled --uuid 4c3f"),
                wiring("batches fail whole", launch(), mapping("Enabled", false), scheduled, "whole batch", "apply"),
                wiring("no schedule", launch(), mapped, Optional.empty(), "waits for ever", "terraform apply"),
                wiring("a disabled schedule", launch(), mapped, schedule(false, SWEEP), "it is disabled", "enable it"),
                wiring(
                        "another schedule's target",
                        launch(),
                        mapped,
                        schedule(true, "arn:aws:lambda:eu-central-1:1:function:other"),
                        "not the sweep's function",
                        "terraform apply"));
    }

    static Stream<Arguments> guardFaults() {
        Denial denied = new Denial("s3:GetObject", "arn:aws:s3:::gantry-bucket/fleets/web/settings.json", true);
        return Stream.of(
                planted(
                        "no bucket",
                        () -> GuardDoctor.check(guarded(Optional.empty(), key(), List.of(), quota(0))),
                        "there is none",
                        "terraform apply"),
                planted(
                        "bundles are not protected",
                        () -> GuardDoctor.check(
                                guarded(Optional.of(new Bucket(false, true)), key(), List.of(), quota(0))),
                        "can be overwritten",
                        "bundle_store"),
                planted(
                        "a key to be deleted",
                        () -> GuardDoctor.check(guarded(
                                bucket(),
                                Optional.of(new BucketKey("1234abcd", "PendingDeletion")),
                                List.of(),
                                quota(0))),
                        "it is PendingDeletion",
                        "cancel-key-deletion --key-id 1234abcd"),
                planted(
                        "a disabled key",
                        () -> GuardDoctor.check(guarded(
                                bucket(), Optional.of(new BucketKey("1234abcd", "Disabled")), List.of(), quota(0))),
                        "it is Disabled",
                        "enable-key --key-id 1234abcd"),
                planted(
                        "a role without a permission",
                        () -> GuardDoctor.check(guarded(bucket(), key(), List.of(denied), quota(0))),
                        "do not allow s3:GetObject on arn:aws:s3:::gantry-bucket/fleets/web/settings.json (an explicit",
                        "terraform apply"),
                planted(
                        "a quota that is used up",
                        () -> GuardDoctor.check(guarded(bucket(), key(), List.of(), quota(5))),
                        "5 of 5 are used",
                        "release one"));
    }

    static Stream<Arguments> networkFaults() {
        Way gateway = new Way(Out.INTERNET_GATEWAY, "rtb-1", false);
        Machine stopped = new Machine("stopped", "subnet-1", "vpc-1", false, true);
        Machine mute = new Machine("running", "subnet-1", "vpc-1", false, false);
        Profile bare = new Profile("web", Optional.of("web"), Set.of("ssm:UpdateInstanceInformation"));
        Walls shut = new Walls(List.of("sg-1"), false);
        return Stream.of(
                network(
                        "no address left for a NAT gateway",
                        new Surroundings(
                                new Surroundings.Where("i-0123456789abcdef0", "eu-central-1"),
                                new Result.Ok<>(Optional.of(RUNNING)),
                                new Result.Ok<>(Optional.of(ROLE)),
                                new Result.Ok<>(NAT),
                                new Result.Ok<>(OPEN),
                                new Result.Ok<>(List.of()),
                                new Result.Ok<>(List.of()),
                                new Result.Ok<>(quota(5))),
                        "5 of 5 are used",
                        "release one"),
                network("a stopped instance", stopped, NAT, "it is stopped", "find out what stopped it"),
                network("no metadata", mute, NAT, "gets no credentials", "modify-instance-metadata-options"),
                network(
                        "an unknown instance",
                        around(Optional.empty(), Optional.of(ROLE), NAT, OPEN, List.of()),
                        "no such instance",
                        "--region"),
                network("no profile", Optional.empty(), OPEN, "no instance profile", "AmazonSSMManagedInstanceCore"),
                network(
                        "a profile without a role",
                        Optional.of(new Profile("web", Optional.empty(), Set.of())),
                        OPEN,
                        "it has no role",
                        "add-role-to-instance-profile --instance-profile-name web"),
                network(
                        "a role without a permission",
                        Optional.of(bare),
                        OPEN,
                        "allows ssm:UpdateInstanceInformation",
                        "attach-role-policy --role-name web"),
                network("a shut group", Optional.of(ROLE), shut, "no egress rule lets TCP 443 out", "add one"),
                network("no way out", RUNNING, new Way(Out.NONE, "rtb-1", false), "no default route", "NAT gateway"),
                network("a hole", RUNNING, new Way(Out.OTHER, "rtb-1", true), "blackhole", "NAT gateway"),
                network("no address", RUNNING, gateway, "no public address", "map-public-ip-on-launch"),
                network(
                        "an endpoint without private DNS",
                        new Endpoint("vpce-1", "ssm", "available", false, true),
                        "no private DNS",
                        "modify-vpc-endpoint --private-dns-enabled --vpc-endpoint-id vpce-1"),
                network(
                        "an endpoint that lets no instance in",
                        new Endpoint("vpce-1", "ssm", "available", true, false),
                        "do not let the instance in",
                        "add an ingress rule"),
                network(
                        "an endpoint that is not there yet",
                        new Endpoint("vpce-1", "ssm", "pending", true, true),
                        "it is pending",
                        "wait until"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"wiringFaults", "guardFaults", "networkFaults"})
    void thePlantedFaultIsTheOnlyFinding(String fault, Supplier<List<Finding>> check, String what, String mend) {
        List<Finding> findings = check.get();
        List<Finding> wrong = findings.stream()
                .filter(finding -> finding.kind() != Finding.Kind.WELL)
                .toList();

        assertEquals(1, wrong.size(), () -> fault + ": " + words(findings));
        assertTrue(wrong.get(0).what().contains(what), wrong.get(0)::what);
        assertTrue(wrong.get(0).mend().contains(mend), wrong.get(0)::mend);
    }

    private static String words(List<Finding> findings) {
        return findings.stream().map(Finding::toString).collect(joining("\n"));
    }

    @Test
    void ifNothingIsWrongNothingIsFound() {
        List<Finding> all = Stream.of(
                        WiringDoctor.check(wired(launch(), mapping("Enabled", true), schedule(true, SWEEP))),
                        GuardDoctor.check(guarded(bucket(), key(), List.of(), quota(4))),
                        NetworkDoctor.check(around(Optional.of(RUNNING), Optional.of(ROLE), NAT, OPEN, List.of())))
                .flatMap(List::stream)
                .toList();

        assertTrue(all.stream().allMatch(finding -> finding.kind() == Finding.Kind.WELL), () -> words(all));
        assertTrue(words(all).contains("no credentials"), "the console's last words are shown");
    }

    @Test
    void whatIsWellIsReportedWithWhatWasFound() {
        assertEquals(
                List.of(
                        "rule gantry-launch: enabled, and leads to the launch queue",
                        "rule gantry-commands: enabled, and leads to the launch queue",
                        "event source mapping: Enabled, to gantry-launch-queue:live",
                        "schedule gantry-sweep: enabled"),
                lines(WiringDoctor.check(wired(launch(), mapping("Enabled", true), schedule(true, SWEEP)))));
        assertEquals(
                List.of(
                        "bucket gantry-bucket: its policy protects bundles/, and it keeps versions",
                        "key 1234abcd: enabled",
                        "role gantry-sweep: its own policies allow what was asked of IAM's simulation",
                        "Elastic IP addresses: 4 of 5 are used"),
                lines(GuardDoctor.check(guarded(bucket(), key(), List.of(), quota(4)))));
        assertEquals(
                List.of(
                        "role web: allows what the agent needs",
                        "security groups sg-1: let HTTPS out",
                        "route table rtb-1: leads out",
                        "Elastic IP addresses: 0 of 5 are used",
                        "instance i-0123456789abcdef0's console: its last words about the agent:"
                                + " amazon-ssm-agent: no credentials"),
                lines(NetworkDoctor.check(around(Optional.of(RUNNING), Optional.of(ROLE), NAT, OPEN, List.of()))));
    }

    private static List<String> lines(List<Finding> findings) {
        return findings.stream()
                .map(finding -> finding.where() + ": " + finding.what())
                .toList();
    }

    @Test
    void aBucketWithoutVersionsIsReportedAndIsNoFault() {
        List<Finding> findings =
                GuardDoctor.check(guarded(Optional.of(new Bucket(true, false)), key(), List.of(), quota(0)));

        assertEquals(Finding.Kind.WELL, findings.get(0).kind());
        assertTrue(findings.get(0).what().contains("no versions"), findings::toString);
    }

    private static List<String> ways(Way way, Machine machine, String... services) {
        List<Endpoint> endpoints = Stream.of(services)
                .map(service -> new Endpoint("vpce-" + service, service, "available", true, true))
                .toList();
        return NetworkDoctor.check(around(Optional.of(machine), Optional.of(ROLE), way, OPEN, endpoints)).stream()
                .filter(finding ->
                        finding.where().startsWith("route") || finding.where().startsWith("endpoint"))
                .map(finding -> finding.kind() + " " + finding.where() + ": " + finding.what())
                .toList();
    }

    @Test
    void ifBothServicesHaveEndpointsNoWayOutIsNeeded() {
        String well = ": available, with private DNS, and lets the instance in";

        assertEquals(
                List.of("WELL endpoint vpce-ssm (ssm)" + well, "WELL endpoint vpce-ssmmessages (ssmmessages)" + well),
                ways(new Way(Out.NONE, "rtb-1", false), RUNNING, "ssm", "s3", "ssmmessages"));
    }

    @Test
    void aServiceWithoutAnEndpointIsNamed() {
        List<String> ways = ways(new Way(Out.NONE, "rtb-1", false), RUNNING, "ssm", "s3");

        assertEquals(2, ways.size(), ways::toString);
        assertEquals(
                "WRONG route table rtb-1: it has no default route, and its VPC no endpoint for ssmmessages",
                ways.get(1));
    }

    @Test
    void aPublicAddressLeadsOutThroughAnInternetGateway() {
        Way gateway = new Way(Out.INTERNET_GATEWAY, "rtb-1", false);
        Machine open = new Machine("running", "subnet-1", "vpc-1", true, true);

        assertEquals(List.of("WELL route table rtb-1: leads out"), ways(gateway, open));
    }

    @Test
    void aFailedReadHidesNothingElse() {
        Wired unread = new Wired(
                PLACE,
                Optional.of(QUEUE),
                Map.of("gantry-launch", new Result.Err<>(SampleCheckups.denied("DescribeRule"))),
                new Result.Ok<>(mapping("Disabled", true)),
                new Result.Ok<>(schedule(true, SWEEP)));

        List<Finding> findings = WiringDoctor.check(unread);

        assertEquals(
                List.of(Finding.Kind.UNREAD, Finding.Kind.WRONG, Finding.Kind.WELL),
                findings.stream().map(Finding::kind).toList());
    }
}
