package dev.gantry.sandbox;

import dev.gantry.sandbox.agent.AgentInstaller;
import dev.gantry.sandbox.agent.AgentOptions;
import dev.gantry.sandbox.agent.S3Fetch;
import dev.gantry.sandbox.autoscaling.AutoScaling;
import dev.gantry.sandbox.autoscaling.LaunchTemplates;
import dev.gantry.sandbox.ec2.GuestServices;
import dev.gantry.sandbox.ec2.MachineFactory;
import dev.gantry.sandbox.ec2.MetadataService;
import dev.gantry.sandbox.ec2.MetadataTree;
import dev.gantry.sandbox.ec2.NspawnFactory;
import dev.gantry.sandbox.ec2.SandboxEc2;
import dev.gantry.sandbox.sqs.Queue;
import dev.gantry.sandbox.ssm.Ssm;
import dev.gantry.sandbox.ssm.SsmOptions;
import dev.gantry.sandbox.wire.JsonProtocol;
import dev.gantry.sandbox.wire.QueryProtocol;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;

/** Instances with their agents, Systems Manager and Auto Scaling: the services that no public emulator has. */
public final class Region implements Cloud.Part {
    private static final int DOWNLOADS_AT_ONCE = 16;
    /** Short, because the demo shows Gantry, and waits for this. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final String HOOK_SENDER = "autoscaling.amazonaws.com";

    private final Machines machines;
    private final AgentOptions.Registration registration;
    private final LaunchTemplates templates;
    private Optional<Built> built = Optional.empty();

    /** Makes the machines of this sandbox; called once, when the rest of the cloud is built. */
    public interface Machines {
        MachineFactory make(Cloud cloud) throws IOException;
    }

    private record Built(Ssm ssm, SandboxEc2 ec2, AutoScaling autoScaling, Optional<String> network) {}

    /**
     * A region with these machines.
     *
     * @param registration when an agent registers after its machine has booted
     */
    public Region(Machines machines, AgentOptions.Registration registration) {
        this(machines, registration, LaunchTemplates.NONE);
    }

    /** A region whose groups launch from these templates. */
    Region(Machines machines, AgentOptions.Registration registration, LaunchTemplates templates) {
        this.machines = machines;
        this.registration = registration;
        this.templates = templates;
    }

    /** A region whose agents register half a second after boot. */
    public Region(Machines machines) {
        this(machines, (instanceId, tags) -> Optional.of(Duration.ofMillis(500)));
    }

    @Override
    public void build(Cloud cloud) throws IOException {
        InstanceRoles roles = new InstanceRoles(cloud);
        Ssm ssm = new Ssm(SsmOptions.standard(cloud.account(), cloud.region()), cloud.events(), cloud.timers());
        ExecutorService downloads = downloads(cloud);
        S3Fetch s3 = new S3Fetch(cloud.front().endpoint(), cloud.region(), roles::own, cloud.timers());
        AgentInstaller agents = new AgentInstaller(
                ssm,
                (id, spec) -> s3.as(() -> roles.of(id, spec)),
                cloud.timers(),
                downloads,
                AgentOptions.standard(cloud.region(), Duration.ZERO).withRegistration(registration));
        MachineFactory factory = machines.make(cloud);
        SandboxEc2 ec2 = new SandboxEc2(factory, agents, cloud.timers(), Region::complain);
        cloud.onClose().accept(ec2);
        if (factory instanceof NspawnFactory real) {
            serve(cloud, real, ec2, roles);
        }
        AutoScaling autoScaling = new AutoScaling(
                cloud.region(),
                cloud.account(),
                ec2,
                cloud.events(),
                cloud.timers(),
                new AutoScaling.Outside((arn, body) -> send(cloud, arn, body), templates, LOOK));
        cloud.services()
                .addJson("ssm", "AmazonSSM", new JsonProtocol("1.1", ssm))
                .add("autoscaling", new QueryProtocol(autoScaling));
        Optional<String> network =
                factory instanceof NspawnFactory real ? Optional.of(real.network()) : Optional.empty();
        built = Optional.of(new Built(ssm, ec2, autoScaling, network));
    }

    /** Real machines have a network of their own: the endpoint and the metadata service listen on its bridge. */
    private static void serve(Cloud cloud, NspawnFactory factory, SandboxEc2 ec2, InstanceRoles roles)
            throws IOException {
        InetAddress bridge = factory.hostAddress().orElseThrow();
        cloud.front().listenOn(bridge);
        MetadataTree tree = new MetadataTree(cloud.account(), cloud.region(), InstanceRoles.OWN, roles::of);
        MetadataService metadata = new MetadataService(bridge, ec2::findByAddress, tree, cloud.timers());
        cloud.onClose().accept(metadata);
        String endpoint = "http://" + bridge.getHostAddress() + ":"
                + cloud.front().endpoint().getPort();
        factory.services(
                new GuestServices(metadata.port(), Map.of("AWS_ENDPOINT_URL", endpoint, "AWS_REGION", cloud.region())));
    }

    /** After its shutdown, tasks are dropped: an instance that begins a run while the sandbox ends has no caller. */
    private static ExecutorService downloads(Cloud cloud) {
        ThreadPoolExecutor downloads = (ThreadPoolExecutor) Executors.newFixedThreadPool(DOWNLOADS_AT_ONCE, task -> {
            Thread thread = new Thread(task, "sandbox-download");
            thread.setDaemon(true);
            return thread;
        });
        downloads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        cloud.onClose().accept(downloads::shutdownNow);
        return downloads;
    }

    private static void send(Cloud cloud, String arn, String body) {
        Queue queue = cloud.sqs()
                .byArn(arn)
                .orElseThrow(() -> new IllegalArgumentException("There is no queue " + arn + " in this sandbox."));
        queue.send(body, Map.of(), HOOK_SENDER, Optional.empty());
    }

    private static void complain(String instanceId, String why) {
        System.err.println("sandbox: instance " + instanceId + ": " + why);
    }

    public Ssm ssm() {
        return built().ssm();
    }

    public SandboxEc2 ec2() {
        return built().ec2();
    }

    public AutoScaling autoScaling() {
        return built().autoScaling();
    }

    /** The network of the instances' addresses, in CIDR notation; empty for simulated ones. */
    public Optional<String> network() {
        return built().network();
    }

    private Built built() {
        return built.orElseThrow(() -> new IllegalStateException("the sandbox has not started"));
    }
}
