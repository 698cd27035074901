package dev.gantry.sandbox.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.OnRealInstances;
import dev.gantry.sandbox.agent.AgentInstaller;
import dev.gantry.sandbox.agent.AgentOptions;
import dev.gantry.sandbox.agent.S3Fetch;
import dev.gantry.sandbox.ssm.Json;
import dev.gantry.sandbox.ssm.Ssm;
import dev.gantry.sandbox.ssm.SsmOptions;
import dev.gantry.sandbox.testing.EventLog;
import dev.gantry.sandbox.testing.Repository;
import dev.gantry.sandbox.testing.SmallS3;
import dev.gantry.sandbox.testing.Zips;
import dev.gantry.sandbox.time.RealTimers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Real instances from their first boot to their end, after which nothing is left. */
@OnRealInstances
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealInstanceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String PLAYBOOK =
            """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    dest: /srv/proof
                    content: "applied by {{ greeting }}\\n"
            """;

    private final RealTimers timers = new RealTimers();
    private final List<String> problems = new ArrayList<>();
    private String image = "";
    private Ssm ssm;
    private SmallS3 s3;
    private NspawnFactory factory;
    private SandboxEc2 ec2;
    private MetadataService metadata;

    @BeforeAll
    void compose() throws IOException {
        image = Host.must(Repository.path("scripts/lib/instances/build-image.sh")
                        .toAbsolutePath()
                        .toString())
                .lines()
                .reduce("", (first, last) -> last);
        RoleCredentials role = new RoleCredentials(
                "gantry-instance", "sandbox", "sandbox", "token", Instant.now().plusSeconds(3600));
        ssm = new Ssm(SsmOptions.standard("111122223333", "eu-central-1"), new EventLog(), timers);
        s3 = new SmallS3();
        AgentInstaller agents = new AgentInstaller(
                ssm,
                new S3Fetch(s3.endpoint(), "eu-central-1", () -> role, timers),
                timers,
                ForkJoinPool.commonPool(),
                AgentOptions.standard("eu-central-1", Duration.ofMillis(100)));
        factory = new NspawnFactory(Path.of(image));
        ec2 = new SandboxEc2(factory, agents, timers, (id, what) -> problems.add(id + ": " + what));
        metadata = new MetadataService(
                factory.hostAddress().orElseThrow(),
                ec2::findByAddress,
                new MetadataTree("111122223333", "eu-central-1", "gantry-instance", (id, spec) -> role),
                timers);
        factory.services(new GuestServices(metadata.port(), Map.of("AWS_REGION", "eu-central-1")));
    }

    @AfterAll
    void close() throws IOException {
        if (ec2 == null) {
            return;
        }
        ec2.close();
        metadata.close();
        s3.close();
        timers.close();
        assertEquals(List.of(), leftBy(ProcessHandle.current().pid()));
        assertEquals(List.of(), problems);
    }

    /** Everything with the name of a run: network namespaces, links, mounts, cgroups and the run's folder. */
    private static List<String> leftBy(long pid) throws IOException {
        String all = Host.must("ip", "netns", "list")
                + Host.must("ip", "link")
                + Host.must("mount")
                + found("/sys/fs/cgroup", "-name", "gantry-*")
                + found("/run/gantry-sandbox", "-maxdepth", "1");
        return all.lines()
                .filter(line -> line.matches(".*(gantry-|gty|gantry-sandbox/)" + pid + "\\b.*"))
                .toList();
    }

    /** What find finds. It fails, with a message that names it, where another run removes a folder that it is about to read. */
    private static String found(String... words) throws IOException {
        List<String> command =
                Stream.concat(Stream.of("find"), Stream.of(words)).toList();
        return Host.run(command)
                .output()
                .lines()
                .filter(line -> !line.startsWith("find: "))
                .collect(Collectors.joining("\n"));
    }

    private Process otherRun() throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneInstance.class.getName(),
                        image)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals("up", child.inputReader().readLine());
        return child;
    }

    @Test
    void nextStartRemovesTheTracesOfAKilledRun() throws Exception {
        Process child = otherRun();
        child.destroyForcibly().waitFor();
        assertFalse(leftBy(child.pid()).isEmpty());
        RunFolder.clearLeftovers();
        assertEquals(List.of(), leftBy(child.pid()));
    }

    @Test
    void runThatIsEndedLeavesNothing() throws Exception {
        Process child = otherRun();
        child.destroy();
        child.waitFor();
        assertEquals(List.of(), leftBy(child.pid()));
    }

    @Test
    void bootsAndRunsACommandAndSeesItsOwnMetadata() throws Exception {
        String id = launch("");
        String script =
                "token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' 169.254.169.254/latest/api/token)\n"
                        + "get() { curl -s -w '\\n' -H \"X-aws-ec2-metadata-token: $token\" 169.254.169.254/latest/$1; }\n"
                        + "get meta-data/instance-id; get meta-data/placement/region; get meta-data/iam/security-credentials/\n"
                        + "get dynamic/instance-identity/document\n"
                        + "curl -s -o /dev/null -w '%{http_code}\\n' 169.254.169.254/latest/meta-data/instance-id";
        JsonNode answer = shell(id, script);
        String out = answer.path("StandardOutputContent").asText();
        assertEquals("Success", answer.path("Status").asText(), answer.toPrettyString());
        assertTrue(out.startsWith(id + "\neu-central-1\ngantry-instance\n"), out);
        assertTrue(
                out.contains("\"privateIp\" : \"" + ec2.find(id).orElseThrow().privateIp() + "\""), out);
        assertTrue(out.endsWith("401\n"), out);
        ec2.terminate(id);
    }

    @Test
    void appliesABundleByAnsibleThroughTheDocument() throws Exception {
        String id = launch("");
        s3.put("gantry-sandbox/bundles/one.zip", Zips.of(Map.of("site/playbook.yml", PLAYBOOK)));
        JsonNode answer = apply(id, "site/playbook.yml");
        assertEquals("Success", answer.path("Status").asText(), answer.toPrettyString());
        assertTrue(answer.path("StandardOutputContent").asText().contains("changed=1"));
        assertEquals("applied by gantry\n", ec2.machine(id).orElseThrow().read("/srv/proof"));
        assertEquals(2, apply(id, "site/missing.yml").path("ResponseCode").asInt());
        ec2.terminate(id);
    }

    @Test
    void keepsItsDiskOverRebootAndOverStopAndStart() throws Exception {
        String id = launch("#!/bin/sh\necho first-boot >> /srv/user-data");
        JsonNode rebooted = shell(id, "test -e /srv/once && { cat /srv/once; exit 0; }; uptime > /srv/once; exit 194");
        assertEquals("Success", rebooted.path("Status").asText(), rebooted.toPrettyString());
        ec2.stop(id);
        await(() -> ec2.find(id).filter(instance -> instance.state().equals("stopped")));
        ec2.start(id);
        await(() -> ec2.find(id).filter(instance -> instance.state().equals("running")));
        JsonNode after = shell(id, "cat /srv/user-data; ls /srv");
        assertEquals(
                "first-boot\nonce\nuser-data\n",
                after.path("StandardOutputContent").asText());
        ec2.terminate(id);
    }

    @Test
    void endsEverythingThatACancelledScriptHasStarted() throws Exception {
        String id = launch("");
        String command = send(id, "AWS-RunShellScript", Map.of("commands", List.of("sleep 300 & sleep 301")));
        await(() -> shell(id, "pgrep -x sleep").path("ResponseCode").asInt() == 0 ? Optional.of(id) : Optional.empty());
        ssm.call("CancelCommand", Json.object().put("CommandId", command));
        assertEquals(
                "Cancelled",
                ended(command, id, "aws:runShellScript").path("Status").asText());
        assertEquals(1, shell(id, "pgrep -x sleep").path("ResponseCode").asInt());
        ec2.terminate(id);
    }

    @Test
    void scriptThatTakesTooLongIsKilled() {
        String id = launch("");
        Map<String, List<String>> parameters =
                Map.of("commands", List.of("echo begun; sleep 300"), "executionTimeout", List.of("5"));
        JsonNode answer = ended(send(id, "AWS-RunShellScript", parameters), id, "aws:runShellScript");
        assertEquals("ExecutionTimedOut", answer.path("StatusDetails").asText());
        assertEquals("begun\n", answer.path("StandardOutputContent").asText());
        assertEquals(137, answer.path("ResponseCode").asInt());
        ec2.terminate(id);
    }

    private String launch(String userData) {
        String id = ec2.launch(new Ec2.LaunchSpec(Map.of("Name", "test"), "t3.small", "eu-central-1a", userData));
        await(() -> Optional.of(
                        ssm.call("DescribeInstanceInformation", Json.object()).toString())
                .filter(text -> text.contains(id)));
        return id;
    }

    private JsonNode shell(String id, String script) {
        String command = send(id, "AWS-RunShellScript", Map.of("commands", List.of(script)));
        return ended(command, id, "aws:runShellScript");
    }

    private JsonNode apply(String id, String playbook) {
        String info = "{\"path\": \"https://s3.eu-central-1.amazonaws.com/gantry-sandbox/bundles/one.zip\"}";
        Map<String, List<String>> parameters = Map.of(
                "SourceType", List.of("S3"),
                "SourceInfo", List.of(info),
                "PlaybookFile", List.of(playbook),
                "ExtraVariables", List.of("greeting=gantry"),
                "InstallDependencies", List.of("False"));
        return ended(send(id, "AWS-ApplyAnsiblePlaybooks", parameters), id, "runShellScript");
    }

    private String send(String id, String document, Map<String, List<String>> parameters) {
        ObjectNode input = Json.object().put("DocumentName", document);
        input.putArray("InstanceIds").add(id);
        input.set("Parameters", Json.listMap(parameters));
        return ssm.call("SendCommand", input).path("Command").path("CommandId").asText();
    }

    private JsonNode ended(String command, String id, String step) {
        ObjectNode list = Json.object().put("CommandId", command);
        await(() -> Optional.of(ssm.call("ListCommands", list)
                        .path("Commands")
                        .path(0)
                        .path("CompletedCount")
                        .asInt())
                .filter(count -> count == 1));
        return ssm.call(
                "GetCommandInvocation",
                Json.object().put("CommandId", command).put("InstanceId", id).put("PluginName", step));
    }

    /** Checks every 50 ms, for as long as a slow machine may need. */
    private static <T> T await(Supplier<Optional<T>> look) {
        CompletableFuture<T> found = new CompletableFuture<>();
        look(look, found);
        return found.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static <T> void look(Supplier<Optional<T>> look, CompletableFuture<T> found) {
        look.get().ifPresentOrElse(found::complete, () -> CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (!found.isDone()) {
                        look(look, found);
                    }
                }));
    }
}
