package dev.gantry.aws.ssm;

import static dev.gantry.stored.Samples.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.aws.loopback.LoopbackAws;
import dev.gantry.aws.loopback.LoopbackAws.Call;
import dev.gantry.aws.loopback.LoopbackAws.Response;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.stay.Agent;
import dev.gantry.stored.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SsmAgentsTest {

    @Test
    void agentsAreAskedForFiftyAtATimeAndEveryPageIsRead() {
        Function<Call, Response> script = call -> {
            JsonNode request = call.json();
            boolean first = request.path("Filters").path(0).path("Values").size() == 50;
            return first && !request.has("NextToken")
                    ? Response.json("{\"InstanceInformationList\":[],\"NextToken\":\"n\"}")
                    : Response.json("{\"InstanceInformationList\":"
                            + (first ? "[" + online(1) + "]" : "[" + lost(51) + "]") + "}");
        };
        try (LoopbackAws aws = new LoopbackAws(script)) {
            SsmAgents agents = new SsmAgents(aws.clients().ssm());

            assertEquals(
                    Map.of(
                            Samples.instance(1),
                            new Agent(true, Optional.of(NOW)),
                            Samples.instance(51),
                            new Agent(false, Optional.empty())),
                    agents.describe(Samples.instances(51)));
            assertEquals(3, aws.calls().size());
            JsonNode request = aws.calls().get(0).json();
            assertEquals(50, request.path("MaxResults").intValue());
            assertEquals(
                    "InstanceIds", request.path("Filters").path(0).path("Key").textValue());
        }
    }

    @Test
    void withoutInstancesThereIsNoCallBecauseNoFilterMeansAll() {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.LOST)) {
            assertEquals(Map.of(), new SsmAgents(aws.clients().ssm()).describe(List.of()));
            assertEquals(List.of(), aws.calls());
        }
    }

    @Test
    void aMissingPermissionIsMisconfigured() {
        try (LoopbackAws aws = new LoopbackAws(call -> Response.error(400, "AccessDeniedException", "no"))) {
            SsmAgents agents = new SsmAgents(aws.clients().ssm());

            assertThrows(GantryException.Misconfigured.class, () -> agents.describe(Samples.instances(1)));
        }
    }

    private static String online(int number) {
        return "{\"InstanceId\":\"" + Samples.instance(number).value()
                + "\",\"PingStatus\":\"Online\",\"LastPingDateTime\":" + NOW.getEpochSecond() + "}";
    }

    private static String lost(int number) {
        return "{\"InstanceId\":\"" + Samples.instance(number).value() + "\",\"PingStatus\":\"ConnectionLost\"}";
    }
}
