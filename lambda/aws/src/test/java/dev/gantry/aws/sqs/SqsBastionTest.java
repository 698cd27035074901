package dev.gantry.aws.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.aws.loopback.LoopbackS3;
import dev.gantry.aws.s3.ObjectThreads;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Bastion.BastionQuestion;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Question;
import dev.gantry.launch.stay.Reply;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.stored.Json;
import dev.gantry.stored.Samples;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SqsBastionTest {
    private static final String QUEUE = "http://127.0.0.1/111122223333/gantry-bastion";
    private static final FleetName FLEET = new FleetName("web/eu 1");

    private final ObjectThreads threads = new ObjectThreads();

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void aStartCarriesTheParametersOfRunCommandAndTheBundlesKey() {
        try (LoopbackAws aws = new LoopbackAws(SqsBastionTest::taken)) {
            assertEquals(Map.of(), bastion(aws).ask(List.of(asked(Question.START, 1))));

            JsonNode message = message(aws, 0);
            assertEquals("start", message.path("ask").textValue());
            assertEquals(1, message.path("format").intValue());
            assertEquals("web/eu 1", message.path("fleet").textValue());
            assertEquals("i-00000000000000001", message.path("instance").textValue());
            assertEquals("run-0123456789abcdef", message.path("run").textValue());
            assertEquals("2026-01-31T12:00:00Z", message.path("at").textValue());
            assertEquals(
                    "bundles/web%2Feu%201/" + Samples.BUNDLE.sha256() + ".zip",
                    message.path("bundle").textValue());
            JsonNode options = message.path("options");
            assertEquals("run-0123456789abcdef", options.path("RunId").textValue());
            assertEquals(Samples.BUNDLE.sha256(), options.path("BundleSha256").textValue());
            assertEquals("playbook.yml", options.path("PlaybookFile").textValue());
            assertEquals("900", options.path("TimeoutSeconds").textValue());
            assertEquals("2.17", options.path("AnsibleVersion").textValue());
            assertFalse(options.has("SourceType") || options.has("SourceInfo"));
        }
    }

    @Test
    void aQuestionAboutARunCarriesNothingElse() {
        try (LoopbackAws aws = new LoopbackAws(SqsBastionTest::taken)) {
            bastion(aws).ask(List.of(asked(Question.STATUS, 1)));
            bastion(aws).ask(List.of(asked(Question.CANCEL, 1)));

            assertEquals("status", message(aws, 0).path("ask").textValue());
            assertEquals("cancel", message(aws, 1).path("ask").textValue());
            assertFalse(message(aws, 0).has("options") || message(aws, 1).has("bundle"));
        }
    }

    @Test
    void aRefusedMessageConcernsOnlyItsInstance() {
        Response gone = Response.error(400, "AccessDeniedException", "not allowed");
        try (LoopbackAws aws =
                new LoopbackAws(call -> call.body().contains("i-00000000000000002") ? gone : taken(call))) {
            Map<InstanceId, GantryException> failed =
                    bastion(aws).ask(List.of(asked(Question.STATUS, 1), asked(Question.STATUS, 2)));

            assertEquals(Set.of(Samples.instance(2)), failed.keySet());
            GantryException error = failed.get(Samples.instance(2));
            assertInstanceOf(GantryException.Misconfigured.class, error);
            assertTrue(error.getMessage().contains(QUEUE), error.getMessage());
        }
    }

    @Test
    void answersAreReadByRunAndInstance() {
        LoopbackS3 s3 = new LoopbackS3();
        s3.put(
                "bastion/answers/run-0123456789abcdef/i-00000000000000001.json",
                """
                {"format":1,"run":"run-0123456789abcdef","instance":"i-00000000000000001","asked":"start",
                 "askedAt":"2026-01-31T12:00:00Z","at":"2026-01-31T12:00:04Z","state":"started","detail":"it has begun"}""");
        s3.put("bastion/answers/run-0123456789abcdef/i-00000000000000003.json", "{\"format\":1,");
        try (LoopbackAws aws = new LoopbackAws(s3)) {
            Map<InstanceId, Result<Optional<Reply>>> read = bastion(aws)
                    .replies(Map.of(
                            Samples.instance(1), Samples.RUN,
                            Samples.instance(2), Samples.RUN,
                            Samples.instance(3), Samples.RUN));

            assertEquals(
                    new Result.Ok<>(
                            Optional.of(new Reply(Samples.RUN, Samples.instance(1), Samples.NOW, new Said.UnderWay()))),
                    read.get(Samples.instance(1)));
            assertEquals(new Result.Ok<>(Optional.empty()), read.get(Samples.instance(2)));
            assertInstanceOf(Result.Err.class, read.get(Samples.instance(3)));
        }
    }

    /** SQS answers with the body's MD5, which the SDK compares (API_SendMessage). */
    private static Response taken(Call call) {
        byte[] body = call.json().path("MessageBody").textValue().getBytes(StandardCharsets.UTF_8);
        try {
            String md5 =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
            return Response.json("{\"MessageId\":\"m\",\"MD5OfMessageBody\":\"" + md5 + "\"}");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    private SqsBastion bastion(LoopbackAws aws) {
        return new SqsBastion(
                aws.clients().sqs(), QUEUE, aws.clients().s3(), LoopbackS3.BUCKET, "eu-central-1", threads);
    }

    private static BastionQuestion asked(Question question, int instance) {
        Document document =
                new Document(Document.HARDENED, "3", Optional.empty(), true, Map.of("AnsibleVersion", "2.17"));
        RunOrder order = new RunOrder(Samples.fleet(FLEET, document), Samples.BUNDLE, Samples.RUN, 1);
        return new BastionQuestion(question, order, Samples.instance(instance), Samples.NOW);
    }

    private static JsonNode message(LoopbackAws aws, int number) {
        String body =
                aws.calls("SendMessage").get(number).json().path("MessageBody").textValue();
        return Json.tree(body).orElseThrow();
    }
}
