package dev.gantry.sandbox.agent;

import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.GuestSoftware;
import dev.gantry.sandbox.ec2.Machine;
import dev.gantry.sandbox.ssm.Ssm;
import dev.gantry.sandbox.time.Timers;
import dev.gantry.sandbox.wire.JsonService;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** Puts an SSM agent on every new instance. One installer serves any number of instances. */
public final class AgentInstaller implements GuestSoftware.Installer {
    private final Ssm ssm;
    private final Downloads downloads;
    private final Timers timers;
    private final Executor io;
    private final AgentOptions options;

    /** Where an instance's downloads come from: as which role it asks depends on its launch. */
    public interface Downloads {
        S3Fetch of(String instanceId, Ec2.LaunchSpec spec);
    }

    /**
     * @param downloads where downloads come from
     * @param io runs downloads, which block; bounded, since thousands of instances share it
     */
    public AgentInstaller(Ssm ssm, Downloads downloads, Timers timers, Executor io, AgentOptions options) {
        this.ssm = ssm;
        this.downloads = downloads;
        this.timers = timers;
        this.io = io;
        this.options = options;
    }

    /** One whose instances all ask as the same role. */
    public AgentInstaller(Ssm ssm, S3Fetch s3, Timers timers, Executor io, AgentOptions options) {
        this(ssm, (id, spec) -> s3, timers, io, options);
    }

    @Override
    public GuestSoftware install(Machine machine, Ec2.LaunchSpec spec) {
        Map<String, Plugin> plugins = new HashMap<>();
        Agent agent = new Agent(machine, spec, ssm.instances(), timers, options, plugins);
        addPlugins(plugins, machine, downloads.of(machine.instanceId(), spec), ssm, agent::run, io);
        return agent;
    }

    /** What the agents of the sandbox can execute. */
    static void addPlugins(
            Map<String, Plugin> plugins,
            Machine machine,
            S3Fetch s3,
            JsonService ssm,
            DocumentRun.Factory runs,
            Executor io) {
        plugins.put("aws:runShellScript", new ShellPlugin(machine));
        plugins.put("aws:runPowerShellScript", ShellPlugin::withoutPowerShell);
        plugins.put("aws:downloadContent", new DownloadPlugin(machine, s3, io));
        plugins.put("aws:runDocument", new RunDocumentPlugin(machine, ssm, runs, io));
    }
}
