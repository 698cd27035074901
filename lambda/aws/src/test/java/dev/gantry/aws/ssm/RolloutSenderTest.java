package dev.gantry.aws.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Commands.RunOrder;
import dev.gantry.launch.port.Commands.Sent;
import dev.gantry.stored.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutSenderTest {
    private static final List<InstanceId> TWO =
            List.of(new InstanceId("i-00000000000000001"), new InstanceId("i-00000000000000002"));

    private static JsonNode sent(RolloutSender.Pace pace) {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.json("{\"Command\":{\"CommandId\":\"command\"}}"))) {
            RolloutSender sender = new RolloutSender(aws.clients().sender(), "eu-central-1", "bucket");
            assertInstanceOf(
                    Sent.Accepted.class,
                    sender.send(new RunOrder(Samples.fleet(), Samples.BUNDLE, Samples.RUN, 1), pace, TWO)
                            .get(TWO.get(0)));
            return aws.calls("SendCommand").get(0).json();
        }
    }

    @Test
    void sendsTheCommandOfALaunchAtTheRequestedRate() {
        JsonNode request = sent(new RolloutSender.Pace(3, 1, false));

        assertEquals("3", request.path("MaxConcurrency").asText());
        assertEquals("1", request.path("MaxErrors").asText());
        assertEquals("False", request.path("Parameters").path("Check").path(0).asText());
        assertTrue(request.path("Comment").asText().startsWith("gantry run-"));
        assertEquals(2, request.path("InstanceIds").size());
    }

    @Test
    void aCheckIsTheDocumentsOwnParameter() {
        JsonNode request = sent(new RolloutSender.Pace(0, 0, true));

        assertEquals("True", request.path("Parameters").path("Check").path(0).asText());
        assertEquals("1", request.path("MaxConcurrency").asText(), "at least one");
    }
}
