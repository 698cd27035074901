package dev.gantry.cli.account;

import dev.gantry.aws.autoscaling.AutoScalingGroups;
import dev.gantry.aws.s3.ObjectThreads;
import dev.gantry.aws.s3.S3Fleets;
import dev.gantry.aws.s3.S3Ledger;
import dev.gantry.aws.ssm.SsmAgents;
import dev.gantry.aws.ssm.SsmCommands;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Agents;
import dev.gantry.launch.port.Commands;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Groups;
import dev.gantry.launch.port.Ledger;
import dev.gantry.operator.Place;
import dev.gantry.stored.FleetAlias;
import java.time.Clock;
import java.util.Optional;

/** One account and Region, with the adapters that the functions use. */
public final class Account implements AutoCloseable {
    private final Clients clients;
    private final Target target;
    private final Clock clock;
    private final ObjectThreads threads = new ObjectThreads();
    private final KnownStays knownStays = new KnownStays();
    private Optional<Deployment> deployment = Optional.empty();
    private Optional<RunReader> runs = Optional.empty();

    /** Makes no call yet. */
    public Account(Target target, Clock clock) {
        this.target = target;
        this.clock = clock;
        this.clients = new Clients(target);
    }

    /** Explains instances. */
    public EvidenceReader evidence() {
        return new EvidenceReader(this);
    }

    /** Lists fleets and launches. */
    public FleetReader fleets() {
        return new FleetReader(this);
    }

    /** Reads what the doctor compares. */
    public CheckupReader checkups() {
        return new CheckupReader(this);
    }

    /** A fleet's bundles; one read. */
    public ReleaseReader releases(FleetName fleet) {
        return new ReleaseReader(this, fleet);
    }

    /** What runs printed and measured; cached. */
    public synchronized RunReader runs() {
        RunReader found = runs.orElseGet(() -> new RunReader(clients.ssm()));
        runs = Optional.of(found);
        return found;
    }

    /** Applies a fleet's bundle to its instances in service; two reads. */
    public Rollouts rollouts(FleetName fleet) {
        return new Rollouts(this, fleet);
    }

    /** What an instance can say of itself. */
    public Diagnostics diagnostics(InstanceId instance) {
        return new Diagnostics(this, instance);
    }

    /** Reads groups that are to be adopted. */
    public AdoptionReader adoptions() {
        return new AdoptionReader(this);
    }

    /** Uploads bundles. */
    public BundleUpload uploads() {
        return new BundleUpload(clients.s3(), place().bucket());
    }

    /** Everything that changes something. */
    public OperatorFunction operator() {
        return new OperatorFunction(clients.lambda(), target.function(), this::caller);
    }

    /** The same, by the alias that acts for this fleet alone. */
    public OperatorFunction operator(FleetName fleet) {
        return new OperatorFunction(clients.lambda(), target.function() + ":" + FleetAlias.of(fleet), this::caller);
    }

    /** The ARN of the operator who runs this, for the record; GetCallerIdentity needs no permission (API_GetCallerIdentity). */
    private String caller() {
        return Calls.said("GetCallerIdentity", () -> clients.sts().getCallerIdentity())
                .arn();
    }

    /** Where things are; read once. */
    public Place place() {
        return deployment().place();
    }

    synchronized Deployment deployment() {
        Deployment found = deployment.orElseGet(() -> Deployment.find(clients, target));
        deployment = Optional.of(found);
        return found;
    }

    Clients clients() {
        return clients;
    }

    Clock clock() {
        return clock;
    }

    Groups groups() {
        return new AutoScalingGroups(clients.autoScaling());
    }

    GroupReader groupReader() {
        return new GroupReader(clients.autoScaling());
    }

    Agents agents() {
        return new SsmAgents(clients.ssm());
    }

    Commands commands() {
        return new SsmCommands(clients.ssm(), clients.ssm(), clients.region(), place().bucket());
    }

    Fleets fleetsOfBucket() {
        return new S3Fleets(clients.s3(), place().bucket(), clock);
    }

    Ledger ledger() {
        return new S3Ledger(clients.s3(), place().bucket(), threads);
    }

    KnownStays knownStays() {
        return knownStays;
    }

    /** How many calls were made so far, repeated ones included. */
    public long calls() {
        return clients.calls();
    }

    /** Whether the calls go to AWS, and not to a stand-in at another endpoint. */
    public boolean isAws() {
        return target.endpoint().isEmpty() && System.getenv("AWS_ENDPOINT_URL") == null;
    }

    @Override
    public void close() {
        clients.close();
    }
}
