package dev.gantry.operator;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fallback;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.Commands.Progress;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.release.LaunchProcess;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Agent;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Cause;
import dev.gantry.launch.stay.Closing;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Stay;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.launch.stay.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Instances in every state that an operator can meet, by name. */
public final class SampleInstances {
    static final InstanceId INSTANCE = new InstanceId("i-0123456789abcdef0");
    static final FleetName WEB = new FleetName("web");
    static final Instant LAUNCHED = Instant.parse("2026-11-29T03:00:00Z");
    static final Instant HELD = LAUNCHED.plusSeconds(6);
    static final BundleId BUNDLE = new BundleId("3f5a90c2d1e4b6778899aabbccddeeff00112233445566778899aabbccddeeff");
    static final RunId RUN = new RunId("run-fmgxkywrjmhz7yfx");
    static final String COMMAND = "47fde68e-e8e8-421f-bbb5-895a86cec5d3";
    static final Failure FAILURE = new Failure(
            "runShellScript",
            Optional.of("rtsp_server : Prove that every stream can be played"),
            "stream one: nothing listens on the server's port",
            2,
            """
            TASK [rtsp_server : Prove that every stream can be played] *********************
            fatal: [localhost]: FAILED! => {"changed": false, "msg": "stream one: nothing listens on the server's port"}

            PLAY RECAP *********************************************************************
            localhost                  : ok=41   changed=12   unreachable=0    failed=1
            failed to run commands: exit status 2
            """);
    static final Stay OPEN = Stay.first(Gate.SERVICE, Optional.empty(), HELD).withHeartbeat(HELD);

    /** Kept after its failed runs by an operator, until three minutes after {@link #HELD}. */
    static final Stay HELD_BY_ANNA = OPEN.with(failed(1, 30))
            .with(failed(2, 120))
            .withHeartbeat(HELD.plusSeconds(120))
            .with(Intervention.NONE.with(new Intervention.Hold(HELD.plusSeconds(180), "anna", HELD.plusSeconds(120))));

    private SampleInstances() {}

    /** Every sample, in the order of a launch. */
    public static Map<String, Evidence> all() {
        Map<String, Evidence> samples = new LinkedHashMap<>();
        withoutRecord(samples);
        beforeTheRun(samples);
        theRun(samples);
        troubled(samples);
        deciding(samples);
        asked(samples);
        ended(samples);
        unread(samples);
        return samples;
    }

    private static void withoutRecord(Map<String, Evidence> samples) {
        samples.put(
                "never-just-launched",
                new Sample().state("Pending:Wait").after(20).evidence());
        samples.put(
                "never-overlooked",
                new Sample().state("Pending:Wait").after(600).evidence());
        samples.put(
                "never-before-the-hook",
                new Sample().state("InService").after(90_000).evidence());
        samples.put(
                "never-without-a-hook",
                new Sample().state("InService").hooks().after(600).evidence());
        samples.put(
                "never-no-fleet",
                new Sample().state("InService").noFleet().after(600).evidence());
        samples.put("never-no-group", new Sample().noGroup().evidence());
        samples.put(
                "never-leaving", new Sample().state("Terminating").after(600).evidence());
    }

    private static void beforeTheRun(Map<String, Evidence> samples) {
        samples.put(
                "wait-hook", new Sample().state("Pending").stay(OPEN).after(10).evidence());
        samples.put(
                "wait-state",
                new Sample().state("Pending:Dreaming").stay(OPEN).after(30).evidence());
        samples.put("wait-agent", new Sample().stay(OPEN).after(250).evidence());
        samples.put(
                "wait-interruption",
                new Sample().stay(interrupted(OPEN)).online().after(90).evidence());
        samples.put("run", new Sample().stay(OPEN).online().after(90).evidence());
        samples.put("extend", new Sample().stay(OPEN).online().after(1000).evidence());
    }

    static Stay interrupted(Stay stay) {
        return stay.learn(List.of(new dev.gantry.launch.stay.Evidence.Interrupted(HELD.plusSeconds(60))));
    }

    private static void theRun(Map<String, Evidence> samples) {
        Attempt claimed = Attempt.claimed(1, RUN, "owner", BUNDLE, HELD.plusSeconds(30));
        Attempt sent = claimed.sent(COMMAND);
        Attempt failed = sent.ended(HELD.plusSeconds(95), new Verdict.RunFailed(FAILURE));
        samples.put(
                "wait-claim",
                new Sample().stay(OPEN.with(claimed)).online().after(40).evidence());
        samples.put(
                "wait-run",
                new Sample()
                        .stay(OPEN.with(sent))
                        .online()
                        .progress(new Progress.UnderWay("InProgress"))
                        .after(80)
                        .evidence());
        samples.put(
                "proceed",
                new Sample()
                        .stay(OPEN.with(sent))
                        .online()
                        .progress(new Progress.Ended(new Verdict.Succeeded()))
                        .after(120)
                        .evidence());
        samples.put(
                "wait-backoff",
                new Sample().stay(OPEN.with(failed)).online().after(110).evidence());
        samples.put(
                "wait-ask",
                new Sample()
                        .bastion()
                        .stay(OPEN.with(
                                claimed.overTheBastion("owner", "the SSM agent is not online", HELD.plusSeconds(40))))
                        .after(200)
                        .evidence());
        samples.put(
                "fall-back",
                new Sample()
                        .bastion()
                        .stay(OPEN.withHeartbeat(HELD.plusSeconds(300)))
                        .after(400)
                        .evidence());
    }

    private static void troubled(Map<String, Evidence> samples) {
        samples.put(
                "wait-misconfigured",
                new Sample()
                        .trouble("bundle " + BUNDLE.sha256()
                                + " is not in the bucket, at s3://gantry-bucket/bundles/web/" + BUNDLE.sha256()
                                + ".zip; publish it first, with gantry publish 'web'")
                        .stay(OPEN)
                        .online()
                        .after(120)
                        .evidence());
        samples.put(
                "wait-quarantined",
                new Sample()
                        .release(releaseOf(BUNDLE).opened(BUNDLE, "failed on 3 instances", LaunchProcess.SUSPENDED))
                        .stay(OPEN)
                        .online()
                        .after(120)
                        .evidence());
        samples.put(
                "wait-settings-broken",
                new Sample().broken().stay(OPEN).online().after(60).evidence());
        Attempt refused = Attempt.claimed(1, RUN, "owner", BUNDLE, HELD.plusSeconds(30))
                .sent(COMMAND)
                .ended(HELD.plusSeconds(40), new Verdict.Refused("AccessDenied"));
        samples.put(
                "wait-refused",
                new Sample().stay(OPEN.with(refused)).online().after(45).evidence());
        samples.put(
                "wait-retryable",
                new Sample()
                        .stay(OPEN.withTrouble(new Trouble(
                                Trouble.Kind.RETRYABLE,
                                "DescribeInstanceInformation of 12 instances: ThrottlingException: Rate exceeded;"
                                        + " throttled, Gantry looks again",
                                HELD.plusSeconds(40))))
                        .online()
                        .after(60)
                        .evidence());
        samples.put(
                "wait-functions-not-permitted",
                new Sample()
                        .stay(OPEN.withTrouble(new Trouble(
                                Trouble.Kind.MISCONFIGURED,
                                "SendCommand on 1 instances of fleet web: AccessDeniedException: User:"
                                        + " gantry-launch-queue is not authorized to perform: ssm:SendCommand; allow it in"
                                        + " the role's policy",
                                HELD.plusSeconds(40))))
                        .online()
                        .after(60)
                        .evidence());
    }

    private static void asked(Map<String, Evidence> samples) {
        Stay failedTwice = OPEN.with(failed(1, 30)).with(failed(2, 120)).withHeartbeat(HELD.plusSeconds(120));
        Instant asked = HELD.plusSeconds(120);
        String anna = "arn:aws:sts::111122223333:assumed-role/oncall/anna";
        Intervention.Hold hold = new Intervention.Hold(asked.plusSeconds(7200), anna, asked);
        samples.put(
                "held-by-an-operator",
                new Sample()
                        .stay(failedTwice.with(Intervention.NONE.with(hold)))
                        .online()
                        .after(190)
                        .evidence());
        samples.put(
                "retry",
                new Sample()
                        .stay(failedTwice.with(Intervention.NONE
                                .with(hold)
                                .with(new Intervention.Retry(3, asked.plusSeconds(900), anna, asked))))
                        .online()
                        .after(190)
                        .evidence());
    }

    private static void deciding(Map<String, Evidence> samples) {
        Stay failedTwice = OPEN.with(failed(1, 30)).with(failed(2, 120)).withHeartbeat(HELD.plusSeconds(120));
        samples.put(
                "abandon", new Sample().stay(failedTwice).online().after(195).evidence());
        samples.put(
                "hold",
                new Sample().hold().stay(failedTwice).online().after(190).evidence());
        samples.put(
                "abandon-at-the-deadline", new Sample().stay(OPEN).after(3700).evidence());
        samples.put(
                "observe", new Sample().observed().stay(OPEN).online().after(20).evidence());
    }

    private static void ended(Map<String, Evidence> samples) {
        Attempt good = Attempt.claimed(1, RUN, "owner", BUNDLE, HELD.plusSeconds(30))
                .sent(COMMAND)
                .ended(HELD.plusSeconds(95), new Verdict.Succeeded());
        samples.put(
                "provisioned",
                new Sample()
                        .state("InService")
                        .stay(OPEN.with(good)
                                .withClosing(Closing.proceeding(
                                                Closing.Kind.PROVISIONED,
                                                "run 1 applied bundle " + BUNDLE.brief() + " (" + RUN + ")",
                                                HELD.plusSeconds(96))
                                        .done(HELD.plusSeconds(97))))
                        .online()
                        .after(3600)
                        .evidence());
        samples.put(
                "observed",
                new Sample()
                        .observed()
                        .state("InService")
                        .stay(OPEN.withClosing(Closing.proceeding(
                                        Closing.Kind.OBSERVED,
                                        "observe mode; Gantry would have: run bundle " + BUNDLE.brief(),
                                        HELD.plusSeconds(1))
                                .done(HELD.plusSeconds(2))))
                        .online()
                        .after(3600)
                        .evidence());
        samples.put("abandoned-run-failed", abandoned(Cause.RUN_FAILED, "run 2 of 2 failed: " + FAILURE.summary()));
        samples.put(
                "abandoned-deadline",
                new Sample()
                        .noGroup()
                        .fleet()
                        .stay(OPEN.withClosing(Closing.abandoning(
                                        Cause.LAUNCH_DEADLINE,
                                        "the launch deadline of 3600 s has passed: the SSM agent never registered",
                                        Optional.empty(),
                                        HELD.plusSeconds(3600))
                                .done(HELD.plusSeconds(3601))))
                        .terminated(3610)
                        .after(4000)
                        .evidence());
        samples.put(
                "abandoned-quarantined",
                abandoned(
                        Cause.BUNDLE_QUARANTINED,
                        "bundle " + BUNDLE.brief()
                                + " was quarantined after its run had begun: failed on 3 instances"));
        samples.put(
                "taken-back",
                new Sample()
                        .state("Terminating:Wait")
                        .stay(interrupted(OPEN))
                        .after(200)
                        .evidence());
        samples.put(
                "elsewhere",
                new Sample().state("InService").stay(OPEN).online().after(600).evidence());
    }

    private static void unread(Map<String, Evidence> samples) {
        samples.put(
                "unread-ledger",
                new Sample()
                        .stayUnread(new GantryException.Misconfigured(
                                "s3://gantry-bucket/launches/web/i-0123456789abcdef0.json: field gate must be one of"
                                        + " service, warm, not \"wram\""))
                        .online()
                        .after(60)
                        .evidence());
        samples.put(
                "wait-settings-gone",
                new Sample().noFleet().stay(OPEN).online().after(60).evidence());
        samples.put(
                "unread-agent",
                new Sample()
                        .stay(OPEN)
                        .agentUnread(new GantryException.Misconfigured(
                                "DescribeInstanceInformation of 1 instances: AccessDeniedException: User:"
                                        + " reader is not authorized to perform: ssm:DescribeInstanceInformation;"
                                        + " allow it in the role's policy"))
                        .after(60)
                        .evidence());
    }

    private static Evidence abandoned(Cause cause, String why) {
        return new Sample()
                .noGroup()
                .fleet()
                .stay(OPEN.with(failed(1, 30))
                        .with(failed(2, 120))
                        .withClosing(Closing.abandoning(cause, why, Optional.of(FAILURE), HELD.plusSeconds(186))
                                .done(HELD.plusSeconds(187))))
                .terminated(200)
                .after(900)
                .evidence();
    }

    static Attempt failed(int number, int after) {
        return Attempt.claimed(number, RUN, "owner", BUNDLE, HELD.plusSeconds(after))
                .sent(COMMAND)
                .ended(HELD.plusSeconds(after + 65), new Verdict.RunFailed(FAILURE));
    }

    private static Release releaseOf(BundleId current) {
        return Release.NONE.withCurrent(current);
    }

    /** One instance; everything that is not set is as in a launch that goes well. */
    static final class Sample {
        private Result<Optional<Groups.Member>> member = member("Pending:Wait");
        private Optional<FleetName> fleet = Optional.of(WEB);
        private Optional<Fleets.View> view = Optional.of(view(Policy.DEFAULT, Document.HARDENED));
        private Optional<GantryException> viewError = Optional.empty();
        private Result<Optional<Stay>> stay = new Result.Ok<>(Optional.empty());
        private Result<Optional<Agent>> agent = new Result.Ok<>(Optional.empty());
        private Optional<Progress> progress = Optional.empty();
        private List<String> hooks = List.of("gantry");
        private List<Activity> activities = List.of(new Activity(
                LAUNCHED, "Launching a new EC2 instance: " + INSTANCE, "a user changed the desired capacity"));
        private Instant now = HELD;

        private static Fleets.View view(Policy policy, String document) {
            Fleet fleet = new Fleet(
                    WEB,
                    "gantry",
                    new Document(document, "1", Optional.empty()),
                    "playbook.yml",
                    "SSM=True",
                    false,
                    "-v",
                    policy);
            return new Fleets.View(fleet, releaseOf(BUNDLE), Optional.empty());
        }

        private Sample with(Policy policy) {
            view = Optional.of(view(policy, Document.HARDENED));
            return this;
        }

        private static Result<Optional<Groups.Member>> member(String state) {
            return new Result.Ok<>(Optional.of(new Groups.Member(INSTANCE, WEB, state)));
        }

        Sample state(String described) {
            member = member(described);
            return this;
        }

        Sample memberUnread(GantryException error) {
            member = new Result.Err<>(error);
            return this;
        }

        Sample noGroup() {
            member = new Result.Ok<>(Optional.empty());
            fleet = Optional.empty();
            view = Optional.empty();
            hooks = List.of();
            activities = List.of();
            return this;
        }

        Sample fleet() {
            fleet = Optional.of(WEB);
            view = Optional.of(view(Policy.DEFAULT, "AWS-ApplyAnsiblePlaybooks"));
            activities = List.of(new Activity(
                    LAUNCHED, "Launching a new EC2 instance: " + INSTANCE, "a user changed the desired capacity"));
            return this;
        }

        Sample noFleet() {
            view = Optional.empty();
            return this;
        }

        Sample viewUnread(GantryException error) {
            viewError = Optional.of(error);
            return this;
        }

        Sample hooks(String... names) {
            hooks = List.of(names);
            return this;
        }

        Sample observed() {
            return with(policy(Duration.ZERO, Policy.Mode.OBSERVE));
        }

        Sample hold() {
            return with(policy(Duration.ofMinutes(30), Policy.Mode.ENFORCE));
        }

        Sample bastion() {
            return with(Policy.DEFAULT.with(Fallback.whenUnreachable(Duration.ofMinutes(5))));
        }

        Sample broken() {
            view = Optional.of(Fleets.broken(
                    WEB,
                    releaseOf(BUNDLE),
                    "s3://gantry-bucket/fleets/web/settings.json: field attempts must be 1 to 10, not 11"));
            return this;
        }

        Sample trouble(String message) {
            view = view.map(v -> new Fleets.View(
                    v.fleet(), v.release(), Optional.of(new Trouble(Trouble.Kind.MISCONFIGURED, message, HELD))));
            return this;
        }

        Sample release(Release release) {
            view = view.map(v -> new Fleets.View(v.fleet(), release, v.trouble()));
            return this;
        }

        Sample stay(Stay stored) {
            stay = new Result.Ok<>(Optional.of(stored));
            return this;
        }

        Sample stayUnread(GantryException error) {
            stay = new Result.Err<>(error);
            return this;
        }

        Sample online() {
            agent = new Result.Ok<>(Optional.of(new Agent(true, Optional.of(LAUNCHED.plusSeconds(25)))));
            return this;
        }

        Sample agent(Agent seen) {
            agent = new Result.Ok<>(Optional.of(seen));
            return this;
        }

        Sample agentUnread(GantryException error) {
            agent = new Result.Err<>(error);
            return this;
        }

        Sample progress(Progress seen) {
            progress = Optional.of(seen);
            return this;
        }

        Sample terminated(int after) {
            activities = List.of(
                    activities.get(0),
                    new Activity(
                            LAUNCHED.plusSeconds(after),
                            "Terminating EC2 instance: " + INSTANCE,
                            "its lifecycle hook was completed with ABANDON"));
            return this;
        }

        Sample after(int seconds) {
            now = LAUNCHED.plusSeconds(seconds);
            return this;
        }

        private static Policy policy(Duration hold, Policy.Mode mode) {
            return Policy.DEFAULT.but().hold(hold).mode(mode).build();
        }

        Evidence evidence() {
            return new Evidence(
                    INSTANCE,
                    now,
                    Duration.ofMinutes(2),
                    new Place("eu-central-1", "gantry-operator", "gantry-bucket"),
                    new Evidence.FromAutoScaling(member, new Result.Ok<>(activities), new Result.Ok<>(hooks)),
                    new Evidence.FromGantry(
                            fleet,
                            viewError
                                    .<Result<Optional<Fleets.View>>>map(Result.Err::new)
                                    .orElseGet(() -> new Result.Ok<>(view)),
                            stay),
                    new Evidence.FromSystemsManager(agent, new Result.Ok<>(progress)));
        }
    }
}
