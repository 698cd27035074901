package dev.gantry.system.faults;

import dev.gantry.sandbox.wire.AwsError;
import dev.gantry.sandbox.wire.Faults.Fault;
import dev.gantry.system.e2e.Fleet;
import dev.gantry.system.faults.FaultCase.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * AWS answers an operation badly. A call without effect is answered badly so often that the client gives up and the function
 * sees it; a call that takes effect, once.
 */
final class AnswerCases {
    private static final Duration SWEEPS = Duration.ofSeconds(5);

    /** The standard retry mode's attempts: the SDK reference guide, "Retry behavior". */
    private static final int ATTEMPTS = 3;

    private AnswerCases() {}

    /**
     * An operation that a launch needs.
     *
     * @param service whose error codes it answers with
     * @param journey a launch in which it is called
     */
    record Operation(String call, String service, boolean writes, Journey journey) {

        private static Operation read(String call, String service, Journey journey) {
            return new Operation(call, service, false, journey);
        }

        private static Operation write(String call, String service, Journey journey) {
            return new Operation(call, service, true, journey);
        }

        String word() {
            return call.replace(' ', '-');
        }

        boolean isSend() {
            return call.equals("SendCommand");
        }
    }

    static final List<Operation> OPERATIONS = List.of(
            Operation.write("SendCommand", "ssm", Journey.EVENTS),
            Operation.read("DescribeInstanceInformation", "ssm", Journey.EVENTS),
            Operation.read("ListCommandInvocations", "ssm", Journey.EVENTS),
            Operation.read("GetCommandInvocation", "ssm", Journey.ABANDONED),
            Operation.read("DescribeAutoScalingInstances", "autoscaling", Journey.EVENTS),
            Operation.read("DescribeAutoScalingGroups", "autoscaling", Journey.SWEEP),
            Operation.write("CompleteLifecycleAction", "autoscaling", Journey.EVENTS),
            Operation.write("RecordLifecycleActionHeartbeat", "autoscaling", Journey.SWEEP),
            Operation.write("SuspendProcesses", "autoscaling", Journey.ABANDONED),
            Operation.read("GetObject settings", "s3", Journey.EVENTS),
            Operation.read("GetObject release", "s3", Journey.EVENTS),
            Operation.read("GetObject launches", "s3", Journey.EVENTS),
            Operation.read("HeadObject bundles", "s3", Journey.EVENTS),
            Operation.read("ListObjectsV2", "s3", Journey.SWEEP),
            Operation.write("PutObject launches", "s3", Journey.EVENTS),
            Operation.write("PutObject release", "s3", Journey.EVENTS),
            Operation.write("PutObject failures", "s3", Journey.ABANDONED),
            Operation.write("PutObject abandonments", "s3", Journey.ABANDONED),
            Operation.write("ChangeMessageVisibility", "sqs", Journey.LATE_AGENT));

    /** The kinds of bad answers. */
    enum Kind {
        ERROR_500("500", false),
        ERROR_503("503", false),
        THROTTLED("throttled", false),
        SLOW("slow", false),
        TOO_SLOW("too-slow", false),
        CUT("cut", false),
        HALF_BODY("half-body", false),
        DONE_500("done-500", true),
        DONE_CUT("done-cut", true);

        private final String word;
        private final boolean forWrites;

        Kind(String word, boolean forWrites) {
            this.word = word;
            this.forWrites = forWrites;
        }

        String word() {
            return word;
        }

        boolean suits(Operation operation) {
            return operation.writes() || !forWrites;
        }

        /** Faults that the client would get over by itself come once for each of its attempts; SendCommand has one. */
        int times(Operation operation) {
            return switch (this) {
                case THROTTLED -> ATTEMPTS;
                case ERROR_500, ERROR_503, CUT -> operation.isSend() ? 1 : ATTEMPTS;
                case SLOW, TOO_SLOW, HALF_BODY, DONE_500, DONE_CUT -> 1;
            };
        }

        /** After these it is unclear whether a command was sent, and it was not: its absence takes time to prove. */
        boolean isAmbiguous() {
            return this == ERROR_500 || this == ERROR_503 || this == CUT;
        }

        Fault fault(Operation operation) {
            return switch (this) {
                case ERROR_500 -> new Fault.ErrorResponse(broken(operation.service()), false);
                case ERROR_503 -> new Fault.ErrorResponse(
                        new AwsError(503, "ServiceUnavailable", "The service is unavailable."), false);
                case THROTTLED -> new Fault.ErrorResponse(throttled(operation.service()), false);
                case SLOW -> new Fault.Delay(Duration.ofSeconds(2));
                    // The clients of Gantry wait 10 s for an answer: the call takes effect after they gave up.
                case TOO_SLOW -> new Fault.Delay(Duration.ofSeconds(12));
                case CUT -> new Fault.Cut(false);
                case HALF_BODY -> new Fault.HalfBody();
                case DONE_500 -> new Fault.ErrorResponse(broken(operation.service()), true);
                case DONE_CUT -> new Fault.Cut(true);
            };
        }
    }

    /** Sources: the service models (InternalServerError of ssm), S3's "Error responses", "Common Errors" of the others. */
    private static AwsError broken(String service) {
        return switch (service) {
            case "s3" -> new AwsError(500, "InternalError", "We encountered an internal error. Please try again.");
            case "ssm" -> new AwsError(500, "InternalServerError", "An error occurred on the server side.");
            default -> new AwsError(500, "InternalFailure", "The request processing has failed.");
        };
    }

    /** Sources: as above; RequestThrottled is in the model of sqs, SlowDown in S3's "Error responses". */
    private static AwsError throttled(String service) {
        return switch (service) {
            case "s3" -> new AwsError(503, "SlowDown", "Please reduce your request rate.");
            case "sqs" -> AwsError.badRequest("RequestThrottled", "The request was denied due to request throttling.");
            case "autoscaling" -> AwsError.badRequest("Throttling", "Rate exceeded");
            default -> AwsError.badRequest("ThrottlingException", "Rate exceeded");
        };
    }

    static List<FaultCase> all() {
        List<FaultCase> cases = new ArrayList<>();
        for (Operation operation : OPERATIONS) {
            for (Kind kind : Kind.values()) {
                if (kind.suits(operation)) {
                    cases.add(of(operation, kind));
                }
            }
        }
        return cases;
    }

    private static FaultCase of(Operation operation, Kind kind) {
        String name = "answer/" + operation.word() + "/" + kind.word();
        return FaultCase.of(name, operation.isSend() && kind.isAmbiguous(), (bench, fleetName) -> {
            AtomicInteger left = new AtomicInteger(kind.times(operation));
            Fleet fleet = bench.fleet(fleetName, (point, accessKey) -> {
                boolean hit = point.call().equals(operation.call()) && left.getAndDecrement() > 0;
                return hit ? kind.fault(operation) : new Fault.None();
            });
            Launch launch = new Launch(bench, operation.journey(), fleet, SWEEPS);
            launch.toItsEnd();
            Ending ending = Ending.of(launch).unless(left.get() <= 0, "only some of the bad answers were asked for");
            bench.clear(fleet);
            return ending;
        });
    }
}
