package dev.gantry.sandbox.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.sandbox.Clients;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import dev.gantry.sandbox.testing.JsonServer;
import dev.gantry.sandbox.testing.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandFilter;
import software.amazon.awssdk.services.ssm.model.CommandFilterKey;
import software.amazon.awssdk.services.ssm.model.CommandInvocationStatus;
import software.amazon.awssdk.services.ssm.model.CommandPlugin;
import software.amazon.awssdk.services.ssm.model.CommandStatus;
import software.amazon.awssdk.services.ssm.model.DocumentAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.DocumentDescription;
import software.amazon.awssdk.services.ssm.model.DocumentHashType;
import software.amazon.awssdk.services.ssm.model.DuplicateDocumentContentException;
import software.amazon.awssdk.services.ssm.model.DuplicateInstanceIdException;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstanceInformationStringFilter;
import software.amazon.awssdk.services.ssm.model.InvalidCommandIdException;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentContentException;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentException;
import software.amazon.awssdk.services.ssm.model.InvalidDocumentVersionException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterKeyException;
import software.amazon.awssdk.services.ssm.model.InvalidInstanceIdException;
import software.amazon.awssdk.services.ssm.model.InvalidNextTokenException;
import software.amazon.awssdk.services.ssm.model.InvalidParametersException;
import software.amazon.awssdk.services.ssm.model.InvalidPluginNameException;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;
import software.amazon.awssdk.services.ssm.model.ListCommandInvocationsResponse;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.PingStatus;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;
import software.amazon.awssdk.services.ssm.model.SsmException;
import software.amazon.awssdk.services.ssm.model.Target;

/** Systems Manager as the unmodified SDK sees it. */
class SsmWireTest {
    private static final String CONTENT =
            """
            {"schemaVersion":"2.2","description":"says hello",
             "parameters":{"Who":{"type":"String","allowedPattern":"^[a-z]+$"},
                           "Mood":{"type":"String","allowedValues":["good","bad"],"default":"good"}},
             "mainSteps":[{"action":"aws:runShellScript","name":"hello","inputs":{"runCommand":["echo {{ Who }}"]}}]}
            """;

    private World world;
    private JsonServer server;
    private SsmClient client;

    @BeforeEach
    void serve() throws IOException {
        SimulatedFactory.Times times = new SimulatedFactory.Times(Duration.ofSeconds(2), Duration.ofSeconds(1));
        Script script = Script.succeedsAfter(Duration.ofSeconds(30));
        world = new World(timers -> new SimulatedFactory(timers, times, script));
        server = new JsonServer(world.ssm);
        client = new Clients(server.endpoint(), Sandbox.ACCESS_KEY).build(SsmClient.builder());
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        world.close();
    }

    private Command hello(Consumer<SendCommandRequest.Builder> more, String... instances) {
        return client.sendCommand(request -> {
                    request.documentName("Hello")
                            .parameters(Map.of("Who", List.of("me")))
                            .instanceIds(instances);
                    more.accept(request);
                })
                .command();
    }

    private void createHello() {
        client.createDocument(request -> request.name("Hello").content(CONTENT));
    }

    @Test
    void documentHasVersionsADefaultAndAHash() throws Exception {
        createHello();
        assertThrows(DocumentAlreadyExistsException.class, this::createHello);
        assertThrows(
                DuplicateDocumentContentException.class,
                () -> client.updateDocument(request -> request.name("Hello").content(CONTENT)));
        String second = CONTENT.replace("hello\",\"inputs", "hello2\",\"inputs");
        client.updateDocument(request -> request.name("Hello").content(second).documentVersion("$LATEST"));
        DocumentDescription before =
                client.describeDocument(request -> request.name("Hello")).document();
        assertEquals("1", before.documentVersion());
        assertEquals("2", before.latestVersion());
        client.updateDocumentDefaultVersion(request -> request.name("Hello").documentVersion("2"));
        DocumentDescription after =
                client.describeDocument(request -> request.name("Hello")).document();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(second.getBytes(StandardCharsets.UTF_8));
        assertEquals(HexFormat.of().formatHex(digest), after.hash());
        assertEquals(
                List.of("Who", "Mood"),
                after.parameters().stream().map(p -> p.name()).toList());
        assertEquals(
                second, client.getDocument(request -> request.name("Hello")).content());
        assertThrows(
                InvalidDocumentVersionException.class,
                () -> client.getDocument(request -> request.name("Hello").documentVersion("3")));
        client.deleteDocument(request -> request.name("Hello"));
        assertThrows(InvalidDocumentException.class, () -> client.describeDocument(request -> request.name("Hello")));
    }

    @Test
    void documentsOfAwsAreThereAndCannotBeChanged() {
        List<String> names = client.listDocuments().documentIdentifiers().stream()
                .map(d -> d.name())
                .toList();
        assertEquals(List.of("AWS-ApplyAnsiblePlaybooks", "AWS-RunShellScript"), names);
        assertThrows(
                SsmException.class,
                () -> client.updateDocument(
                        request -> request.name("AWS-RunShellScript").content(CONTENT)));
        assertThrows(
                SsmException.class,
                () -> client.createDocument(request -> request.name("aws-mine").content(CONTENT)));
    }

    @Test
    void contentThatIsNoDocumentIsRefused() {
        for (String content : List.of("mainSteps: []", "{\"schemaVersion\":\"2.2\"}", "[]")) {
            assertThrows(
                    InvalidDocumentContentException.class,
                    () -> client.createDocument(
                            request -> request.name("Broken").content(content)));
        }
    }

    @Test
    void sendCommandRefusesWhatAwsRefuses() {
        createHello();
        String id = world.launch();
        assertThrows(DuplicateInstanceIdException.class, () -> hello(request -> {}, id, id));
        assertThrows(InvalidInstanceIdException.class, () -> hello(request -> {}, "i-0123456789abcdef0"));
        assertThrows(InvalidDocumentException.class, () -> hello(request -> request.documentName("Absent"), id));
        assertThrows(InvalidDocumentVersionException.class, () -> hello(request -> request.documentVersion("9"), id));
        assertThrows(InvalidParametersException.class, () -> hello(r -> r.parameters(Map.of()), id));
        assertThrows(
                InvalidParametersException.class, () -> hello(r -> r.parameters(Map.of("Who", List.of("ME"))), id));
        assertThrows(
                InvalidParametersException.class,
                () -> hello(r -> r.parameters(Map.of("Who", List.of("me"), "Mood", List.of("mixed"))), id));
        assertThrows(
                InvalidParametersException.class,
                () -> hello(r -> r.parameters(Map.of("Who", List.of("me"), "Else", List.of("x"))), id));
        assertThrows(
                InvalidDocumentException.class,
                () -> hello(r -> r.documentHash("0".repeat(64)).documentHashType(DocumentHashType.SHA256), id));
    }

    @Test
    void sendCommandHasTheLimitsOfTheModel() {
        createHello();
        String id = world.launch();
        refused("comment", () -> hello(request -> request.comment("x".repeat(101)), id));
        refused("timeoutSeconds", () -> hello(request -> request.timeoutSeconds(29), id));
        refused("maxErrors", () -> hello(request -> request.maxErrors("101%"), id));
        refused("maxConcurrency", () -> hello(request -> request.maxConcurrency("0"), id));
        refused("instanceIds", () -> hello(r -> r.instanceIds(Collections.nCopies(51, id))));
        refused("either InstanceIds or Targets", () -> hello(request -> {}));
    }

    private static void refused(String why, Runnable call) {
        SsmException error = assertThrows(SsmException.class, call::run);
        assertEquals("ValidationException", error.awsErrorDetails().errorCode());
        assertTrue(error.getMessage().contains(why), error.getMessage());
    }

    @Test
    void commandGoesFromPendingToSuccess() {
        createHello();
        String id = world.launch();
        Command sent = hello(request -> request.comment("gantry run").documentVersion("1"), id);
        assertEquals(CommandStatus.PENDING, sent.status());
        assertEquals("0", sent.maxErrors());
        assertEquals("50", sent.maxConcurrency());
        world.timers.advance(Duration.ofSeconds(1));
        assertEquals(
                CommandStatus.IN_PROGRESS,
                client.listCommands().commands().get(0).status());
        world.timers.advance(Duration.ofSeconds(40));
        var invocation = client.listCommandInvocations(
                        r -> r.commandId(sent.commandId()).details(true))
                .commandInvocations()
                .get(0);
        assertEquals(CommandInvocationStatus.SUCCESS, invocation.status());
        assertEquals("gantry run", invocation.comment());
        CommandPlugin plugin = invocation.commandPlugins().get(0);
        assertEquals("hello", plugin.name());
        assertEquals(0, plugin.responseCode());
        GetCommandInvocationResponse got =
                client.getCommandInvocation(r -> r.commandId(sent.commandId()).instanceId(id));
        assertEquals("PT30S", got.executionElapsedTime());
        assertTrue(got.standardOutputContent().contains("PLAY RECAP"));
    }

    @Test
    void invocationsAreFoundByInstanceStatusTimeAndDocument() {
        createHello();
        String id = world.launch();
        hello(request -> {}, id);
        world.timers.advance(Duration.ofMinutes(1));
        String between = world.timers.instant().toString();
        world.timers.advance(Duration.ofMinutes(1));
        hello(request -> {}, id);
        world.timers.advance(Duration.ofSeconds(1));
        assertEquals(2, found(id, CommandFilterKey.DOCUMENT_NAME, "Hello"));
        assertEquals(1, found(id, CommandFilterKey.INVOKED_AFTER, between));
        assertEquals(1, found(id, CommandFilterKey.INVOKED_BEFORE, between));
        assertEquals(1, found(id, CommandFilterKey.STATUS, "InProgress"));
        assertEquals(1, found(id, CommandFilterKey.EXECUTION_STAGE, "Complete"));
        assertEquals(0, found("i-0123456789abcdef0", CommandFilterKey.DOCUMENT_NAME, "Hello"));
    }

    private int found(String instance, CommandFilterKey key, String value) {
        return client.listCommandInvocations(request -> request.instanceId(instance)
                        .filters(CommandFilter.builder().key(key).value(value).build()))
                .commandInvocations()
                .size();
    }

    @Test
    void unknownIdsTokensAndNamesAreRefusedByTheirOwnErrors() {
        createHello();
        String id = world.launch();
        String command = hello(request -> {}, id).commandId();
        String absent = UUID.randomUUID().toString();
        assertThrows(InvalidCommandIdException.class, () -> client.cancelCommand(r -> r.commandId(absent)));
        assertThrows(InvalidCommandIdException.class, () -> client.listCommands(r -> r.commandId(absent)));
        assertThrows(
                InvocationDoesNotExistException.class,
                () -> client.getCommandInvocation(r -> r.commandId(absent).instanceId(id)));
        assertThrows(
                InvalidPluginNameException.class,
                () -> client.getCommandInvocation(
                        r -> r.commandId(command).instanceId(id).pluginName("absent")));
        assertThrows(InvalidNextTokenException.class, () -> client.listCommands(r -> r.nextToken("mine")));
        assertThrows(
                InvalidFilterKeyException.class,
                () -> client.describeInstanceInformation(r -> r.filters(InstanceInformationStringFilter.builder()
                        .key("Mood")
                        .values("good")
                        .build())));
    }

    @Test
    void listsHaveFiftyEntriesAPageAtMost() {
        createHello();
        for (int i = 0; i < 60; i++) {
            world.launch("fleet", "one");
        }
        Command command = client.sendCommand(request -> request.documentName("Hello")
                        .parameters(Map.of("Who", List.of("me")))
                        .maxErrors("100%")
                        .maxConcurrency("100%")
                        .targets(Target.builder().key("tag:fleet").values("one").build()))
                .command();
        ListCommandInvocationsResponse first = client.listCommandInvocations(r -> r.commandId(command.commandId()));
        assertEquals(50, first.commandInvocations().size());
        ListCommandInvocationsResponse second = client.listCommandInvocations(
                r -> r.commandId(command.commandId()).nextToken(first.nextToken()));
        assertEquals(10, second.commandInvocations().size());
        assertNull(second.nextToken());
        List<InstanceInformation> all = client.describeInstanceInformationPaginator(r -> r.maxResults(5)).stream()
                .flatMap(page -> page.instanceInformationList().stream())
                .toList();
        assertEquals(60, all.size());
        assertEquals(PingStatus.ONLINE, all.get(0).pingStatus());
        refused("maxResults", () -> client.describeInstanceInformation(r -> r.maxResults(4)));
    }

    @Test
    void parametersKeepVersionsAndSealSecrets() {
        client.putParameter(r -> r.name("/gantry/a").value("1").type(ParameterType.STRING));
        client.putParameter(r -> r.name("/gantry/deep/b").value("s3cret").type(ParameterType.SECURE_STRING));
        assertThrows(
                ParameterAlreadyExistsException.class,
                () -> client.putParameter(r -> r.name("/gantry/a").value("2").type(ParameterType.STRING)));
        assertEquals(
                2,
                client.putParameter(r -> r.name("/gantry/a").value("2").overwrite(true))
                        .version());
        assertEquals(
                "1", client.getParameter(r -> r.name("/gantry/a:1")).parameter().value());
        String sealed =
                client.getParameter(r -> r.name("/gantry/deep/b")).parameter().value();
        assertFalse(sealed.contains("s3cret"));
        assertEquals(
                "s3cret",
                client.getParameter(r -> r.name("/gantry/deep/b").withDecryption(true))
                        .parameter()
                        .value());
        assertEquals(
                1,
                client.getParametersByPath(r -> r.path("/gantry")).parameters().size());
        assertEquals(
                2,
                client.getParametersByPath(r -> r.path("/gantry").recursive(true))
                        .parameters()
                        .size());
        assertEquals(
                List.of("/x"),
                client.getParameters(r -> r.names("/gantry/a", "/x")).invalidParameters());
        client.deleteParameter(r -> r.name("/gantry/a"));
        assertThrows(ParameterNotFoundException.class, () -> client.getParameter(r -> r.name("/gantry/a")));
    }
}
