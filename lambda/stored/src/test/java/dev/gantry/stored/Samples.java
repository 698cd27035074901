package dev.gantry.stored;

import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.id.RunId;
import dev.gantry.launch.stay.Attempt;
import dev.gantry.launch.stay.Failure;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Intervention;
import dev.gantry.launch.stay.Opening;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Values for tests. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    public static final FleetName WEB = new FleetName("web");
    public static final BundleId BUNDLE = new BundleId("ab".repeat(32));
    public static final BundleId OTHER = new BundleId("cd".repeat(32));
    public static final RunId RUN = new RunId("run-0123456789abcdef");
    public static final Failure FAILURE =
            new Failure("runShellScript", Optional.of("Install"), "no package", 2, "TASK [Install]\nfatal\n");

    private Samples() {}

    public static InstanceId instance(int number) {
        return new InstanceId(String.format("i-%017x", number));
    }

    public static List<InstanceId> instances(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Samples::instance).toList();
    }

    public static Fleet fleet() {
        return fleet(WEB, Optional.empty());
    }

    public static Fleet fleet(FleetName name, Optional<String> hash) {
        return fleet(name, new Document("AWS-ApplyAnsiblePlaybooks", "7", hash));
    }

    public static Fleet fleet(FleetName name, Document document) {
        return new Fleet(name, Fleet.DEFAULT_HOOK, document, "playbook.yml", "SSM=True", false, "-v", Policy.DEFAULT);
    }

    public static Stay stay() {
        return new Stay(
                new Opening(1, Gate.SERVICE, Optional.empty(), NOW, Optional.empty()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Intervention.NONE,
                Optional.empty(),
                Optional.empty());
    }

    public static Stay claimedStay(String owner) {
        return stay().with(Attempt.claimed(1, RUN, owner, BUNDLE, NOW));
    }
}
