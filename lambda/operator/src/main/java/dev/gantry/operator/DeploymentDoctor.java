package dev.gantry.operator;

import dev.gantry.launch.port.Result;
import dev.gantry.operator.Checkup.Deployed;
import dev.gantry.operator.Checkup.Function;
import dev.gantry.operator.Checkup.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks what all fleets share: functions, queue, dead-letter queue. Pure. */
public final class DeploymentDoctor {
    private final Deployed deployed;
    private final List<Finding> findings = new ArrayList<>();

    private DeploymentDoctor(Deployed deployed) {
        this.deployed = deployed;
    }

    /** The findings about a deployment. */
    public static List<Finding> check(Deployed deployed) {
        DeploymentDoctor doctor = new DeploymentDoctor(deployed);
        deployed.functions().forEach(doctor::function);
        Doctor.read(doctor.findings, "queue of launches", deployed.queue(), doctor::queue);
        Doctor.read(doctor.findings, "dead-letter queue", deployed.deadLetters(), doctor::deadLetters);
        return List.copyOf(doctor.findings);
    }

    private void function(String name, Result<Optional<Function>> result) {
        String where = "function " + name;
        Doctor.read(findings, where, result, found -> {
            if (found.isEmpty()) {
                wrong(
                        where,
                        "there is none of this name in this Region",
                        "terraform apply, or say --function or --region");
                return;
            }
            Function function = found.get();
            boolean isOther =
                    function.bucket().filter(deployed.place().bucket()::equals).isEmpty();
            if (!function.state().equals("Active") || function.lastUpdate().equals("Failed")) {
                wrong(
                        where,
                        "it is " + function.state() + ", its last update " + function.lastUpdate(),
                        "aws lambda get-function-configuration --function-name " + name
                                + " says why; then terraform apply");
            } else if (isOther) {
                wrong(
                        where,
                        "its GANTRY_BUCKET is " + function.bucket().orElse("not set")
                                + ", and the operator's function has "
                                + deployed.place().bucket(),
                        "terraform apply");
            } else {
                findings.add(Finding.well(
                        where, "active, timeout " + function.timeout().toSeconds() + " s"));
            }
        });
    }

    private void queue(Optional<Queue> found) {
        if (found.isEmpty()) {
            wrong(
                    "queue of launches",
                    "it does not exist",
                    "terraform apply; until then only the sweep finds launches");
            return;
        }
        Queue queue = found.get();
        String where = "queue " + queue.name();
        if (!queue.hasDeadLetters()) {
            wrong(where, "it has no dead-letter queue", "terraform apply");
        }
        launchTimeout()
                .filter(timeout -> queue.visibility().compareTo(timeout) < 0)
                .ifPresentOrElse(
                        timeout -> wrong(
                                where,
                                "it hides a message for " + queue.visibility().toSeconds()
                                        + " s, and its function may take " + timeout.toSeconds() + " s",
                                "terraform apply: the visibility timeout must be at least the function's"),
                        () -> findings.add(Finding.well(where, queue.messages() + " messages wait")));
    }

    private Optional<Duration> launchTimeout() {
        return deployed.functions().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("-launch-queue"))
                .flatMap(entry -> entry.getValue() instanceof Result.Ok<Optional<Function>> ok
                        ? ok.value().stream()
                        : Stream.empty())
                .map(Function::timeout)
                .findFirst();
    }

    private void deadLetters(Optional<Queue> found) {
        if (found.isEmpty()) {
            wrong("dead-letter queue", "it does not exist", "terraform apply");
        } else if (found.get().messages() > 0) {
            String name = found.get().name();
            wrong(
                    "queue " + name,
                    found.get().messages() + " messages could not be read or worked off",
                    "read one: aws sqs receive-message --message-attribute-names All --queue-url \"$(aws sqs"
                            + " get-queue-url --queue-name " + name
                            + " --query QueueUrl --output text)\"; its attribute why says more. After a repair: gantry"
                            + " redrive");
        } else {
            findings.add(Finding.well("queue " + found.get().name(), "empty"));
        }
    }

    private void wrong(String where, String what, String mend) {
        findings.add(Finding.wrong(where, what, mend));
    }
}
