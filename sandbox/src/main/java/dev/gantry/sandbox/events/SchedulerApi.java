package dev.gantry.sandbox.events;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Caller;
import dev.gantry.sandbox.wire.Protocol;
import dev.gantry.sandbox.wire.WireRequest;
import dev.gantry.sandbox.wire.WireResponse;

/** EventBridge Scheduler's REST API for the one schedule that there is: GetSchedule (Scheduler API reference, GetSchedule). */
public final class SchedulerApi implements Protocol {
    private static final String SCHEDULES = "/schedules/";

    private final RateSchedule schedule;
    private final String target;

    /**
     * The API of a schedule of the group {@code default}.
     *
     * @param target the ARN of the function that it invokes
     */
    public SchedulerApi(RateSchedule schedule, String target) {
        this.schedule = schedule;
        this.target = target;
    }

    @Override
    public Call parse(WireRequest request, Caller caller, String requestId) {
        String path = request.rawPath();
        return request.method().equals("GET") && path.startsWith(SCHEDULES)
                ? Protocol.call("GetSchedule", () -> get(path.substring(SCHEDULES.length())))
                : Protocol.call("Unsupported", () -> {
                    throw new AwsError(
                            501,
                            "NotImplemented",
                            "The sandbox's Scheduler does not do " + request.method() + " " + path);
                });
    }

    private WireResponse get(String name) {
        if (!name.equals(schedule.name())) {
            throw new AwsError(404, "ResourceNotFoundException", "Schedule " + name + " does not exist.");
        }
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("Name", name)
                .put("Arn", schedule.arn())
                .put("GroupName", "default")
                .put("State", "ENABLED")
                .put("ScheduleExpression", "rate(" + schedule.rate().toMinutes() + " minute)");
        body.putObject("Target").put("Arn", target);
        return WireResponse.text(200, "application/json", body.toString());
    }

    @Override
    public WireResponse error(AwsError error, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("Message", error.getMessage());
        return WireResponse.text(error.status(), "application/json", body.toString())
                .with("x-amzn-ErrorType", error.code())
                .with("x-amzn-RequestId", requestId)
                .failing(error.code());
    }
}
