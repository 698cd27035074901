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
    private final S3Fetch s3;
    private final Timers timers;
    private final Executor io;
    private final AgentOptions options;

    /**
     * @param s3 where downloads come from
     * @param io runs downloads, which block; bounded, since thousands of instances share it
     */
    public AgentInstaller(Ssm ssm, S3Fetch s3, Timers timers, Executor io, AgentOptions options) {
        this.ssm = ssm;
        this.s3 = s3;
        this.timers = timers;
        this.io = io;
        this.options = options;
    }

    @Override
    public GuestSoftware install(Machine machine, Ec2.LaunchSpec spec) {
        Map<String, Plugin> plugins = new HashMap<>();
        Agent agent = new Agent(machine, spec, ssm.instances(), timers, options, plugins);
        addPlugins(plugins, machine, s3, ssm, agent::run, io);
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
