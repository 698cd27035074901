package dev.gantry.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.SandboxOptions.WrongOption;
import dev.gantry.sandbox.autoscaling.LaunchTemplates;
import dev.gantry.sandbox.ec2.Ec2;
import dev.gantry.sandbox.ec2.Leftovers;
import dev.gantry.sandbox.ec2.LocalFactory;
import dev.gantry.sandbox.ec2.NspawnFactory;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.ShellScript;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.events.EventBridge;
import dev.gantry.sandbox.wire.AccessKeys.Identity;
import dev.gantry.sandbox.wire.Upstream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts the sandbox with the example fleet, prints how to use it, and runs until Ctrl-C. */
public final class SandboxMain {
    private static final Duration SLOW = Duration.ofMinutes(10);
    private static final Pattern SLEEP = Pattern.compile("(?m)^sleep ([0-9]{1,5})$");

    private static final int WRONG_OPTION = 2;
    private static final int CANNOT_START = 3;

    private static final SimulatedFactory.Times SIMULATED_TIMES =
            new SimulatedFactory.Times(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private SandboxMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = run(List.of(arguments), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        SandboxOptions options;
        try {
            options = SandboxOptions.parse(arguments);
        } catch (WrongOption e) {
            err.println("sandbox: " + e.getMessage());
            err.println(SandboxOptions.USAGE);
            return WRONG_OPTION;
        }
        if (options.help()) {
            out.println(SandboxOptions.USAGE);
            return 0;
        }
        if (options.clean()) {
            return clean(out, err);
        }
        try (Sandbox sandbox = start(options)) {
            Map<String, String> environment = environment(sandbox, options);
            out.println(options.json() ? json(sandbox, environment) : text(sandbox, environment));
            new CountDownLatch(1).await();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            err.println("sandbox: " + e.getMessage());
            return CANNOT_START;
        }
    }

    /** Removes what killed sandboxes have left, and names it. */
    static int clean(PrintStream out, PrintStream err) {
        try {
            List<Path> removed = new ArrayList<>(Leftovers.clear());
            removed.addAll(Scratch.clearLeftovers(Scratch.parent()));
            removed.forEach(folder -> out.println("removed: " + folder));
            if (removed.isEmpty()) {
                out.println("No sandbox was killed and left something that you may remove.");
            }
            return 0;
        } catch (IOException e) {
            err.println("sandbox: what a killed sandbox left could not be removed: " + e.getMessage());
            return CANNOT_START;
        }
    }

    private static Sandbox start(SandboxOptions options) throws IOException {
        Optional<Upstream> upstream = options.behind().map(Upstream::new);
        Region region = new Region(
                machines(options),
                new Agents(options.noSsm(), options.deadAgent()),
                upstream.<LaunchTemplates>map(account -> new TemplatesBehind(account, options.region()))
                        .orElse(LaunchTemplates.NONE));
        Sandbox.Builder sandbox = Sandbox.builder().port(options.port()).region(options.region());
        if (options.noSsm()) {
            sandbox.faults(new NoSystemsManager());
        }
        if (options.journal().isPresent()) {
            JournalFile journal = new JournalFile(options.journal().get());
            sandbox.journal(journal).with(journal);
        }
        if (upstream.isPresent()) {
            AccountBehind account = new AccountBehind(upstream.get(), options.region(), options.zips());
            sandbox.behind(account.backing()).with(region).with(account);
        } else {
            sandbox.with(region).with(new EventBridge()).with(example(options, region));
        }
        sandbox.with(cloud -> options.sessions()
                .forEach(role -> cloud.keys().register(role, Identity.assumedRole(cloud.account(), role, "session"))));
        options.objects().ifPresent(folder -> sandbox.with(new FolderObjects(ExampleFleet.BUCKET, folder)));
        return sandbox.start();
    }

    private static Cloud.Part example(SandboxOptions options, Region region) {
        return new ExampleFleet(
                options.zip(), region, options.bundle(), ExampleFleet.Tempo.STANDARD, options.fallback());
    }

    private static Region.Machines machines(SandboxOptions options) {
        return switch (options.instances()) {
            case REAL -> cloud -> new NspawnFactory(options.image().orElseThrow());
            case LOCAL -> cloud -> new LocalFactory(
                    cloud.directory().resolve("instances"), options.tools().orElseThrow());
            case SIMULATED -> cloud -> new SimulatedFactory(cloud.timers(), SIMULATED_TIMES, SandboxMain::simulate);
        };
    }

    /**
     * A simulated instance fails if its user data says so, like a real one whose user data breaks it. Ansible's output
     * is that of a playbook only: AWS's document calls Ansible, the hardened one brings the program that does. A script that
     * sleeps takes that long, so that there is time to cancel it; a play takes ten minutes if the user data says "slow".
     */
    private static Script.Outcome simulate(String instanceId, Ec2.LaunchSpec spec, ShellScript script) {
        Matcher sleep = SLEEP.matcher(script.text());
        Duration time = Duration.ofSeconds(sleep.find() ? Integer.parseInt(sleep.group(1)) : 3);
        if (!script.text().contains("ansible-playbook") && !script.text().contains("gantry_apply")) {
            return new Script.Outcome(time, 0, "This instance is simulated: the script was not run.\n", "");
        }
        if (spec.userData().contains("# simulate: slow")) {
            return Script.Outcome.success(SLOW);
        }
        return spec.userData().contains("# simulate: fail")
                ? Script.Outcome.failure(
                        time,
                        "rtsp_server : Prove that every stream can be played",
                        "stream one: nothing listens on the server's port (simulated)")
                : Script.Outcome.success(time);
    }

    /** What makes any SDK, and the aws command, talk to the sandbox; and what gantry publish makes bundles of. */
    static Map<String, String> environment(Sandbox sandbox, SandboxOptions options) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_ENDPOINT_URL", sandbox.endpoint().toString());
        variables.put("AWS_REGION", sandbox.cloud().region());
        variables.put("AWS_DEFAULT_REGION", sandbox.cloud().region());
        variables.put("AWS_ACCESS_KEY_ID", Sandbox.ACCESS_KEY);
        variables.put("AWS_SECRET_ACCESS_KEY", Sandbox.SECRET_KEY);
        options.tree()
                .ifPresent(tree ->
                        variables.put("GANTRY_TREE", tree.toAbsolutePath().toString()));
        return variables;
    }

    private static String json(Sandbox sandbox, Map<String, String> environment) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("endpoint", sandbox.endpoint().toString());
        line.put("region", sandbox.cloud().region());
        line.put("account", sandbox.cloud().account());
        line.put("logs", sandbox.cloud().logs().toString());
        ObjectNode variables = line.putObject("environment");
        environment.forEach(variables::put);
        return line.toString();
    }

    private static String text(Sandbox sandbox, Map<String, String> environment) {
        StringBuilder text = new StringBuilder("AWS on loopback at " + sandbox.endpoint() + ", until Ctrl-C.\n\n");
        environment.forEach((name, value) -> text.append("export " + name + "=" + value + "\n"));
        return text.append("\nTry, in another terminal, after these lines:\n")
                .append("  aws autoscaling set-desired-capacity --auto-scaling-group-name " + ExampleFleet.GROUP
                        + " --desired-capacity 2\n")
                .append("  aws ssm list-command-invocations --details --query"
                        + " 'CommandInvocations[].[InstanceId,Status,Comment]' --output table\n")
                .append("  aws autoscaling describe-auto-scaling-instances --query"
                        + " 'AutoScalingInstances[].[InstanceId,LifecycleState]' --output table\n")
                .append("\nVersion 1 of the aws CLI reads no AWS_ENDPOINT_URL for SQS: add --endpoint-url "
                        + sandbox.endpoint() + " there.\n")
                .append("\nThe functions' logs: " + sandbox.cloud().logs() + "\n")
                .toString();
    }
}
