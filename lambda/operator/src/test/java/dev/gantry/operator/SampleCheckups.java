package dev.gantry.operator;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.Document;
import dev.gantry.launch.fleet.Fleet;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.fleet.Policy;
import dev.gantry.launch.id.BundleId;
import dev.gantry.launch.port.Fleets;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.release.Release;
import dev.gantry.launch.stay.Trouble;
import dev.gantry.operator.Checkup.Described;
import dev.gantry.operator.Checkup.Function;
import dev.gantry.operator.Checkup.Group;
import dev.gantry.operator.Checkup.Hook;
import dev.gantry.operator.Checkup.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A deployment and a fleet that are as they must be, to plant one fault at a time in. */
public final class SampleCheckups {
    static final BundleId BUNDLE = SampleInstances.BUNDLE;
    static final FleetName WEB = SampleInstances.WEB;
    private static final Duration HEARTBEAT = Policy.DEFAULT.heartbeat();

    private SampleCheckups() {}

    /** A fleet without a fault. */
    public static Checkup.OfFleet fleet() {
        return new Checkup.OfFleet(
                WEB,
                new Result.Ok<>(Optional.of(view(Policy.DEFAULT, Release.NONE.withCurrent(BUNDLE)))),
                new Result.Ok<>(Optional.of(group())),
                new Result.Ok<>(Optional.of(new Described("Active", Optional.of("a".repeat(64))))));
    }

    static Group group() {
        return new Group(List.of(hook("gantry", "ABANDON", HEARTBEAT)), Map.of());
    }

    static Hook hook(String name, String result, Duration heartbeat) {
        return new Hook(name, true, result, heartbeat);
    }

    static Fleets.View view(Policy policy, Release release) {
        Document document = new Document("Gantry-ApplyAnsiblePlaybooks", "3", Optional.of("a".repeat(64)));
        Fleet fleet = new Fleet(WEB, "gantry", document, "playbook.yml", "SSM=True", false, "-v", policy);
        return new Fleets.View(fleet, release, Optional.empty());
    }

    static Checkup.OfFleet with(Fleets.View view) {
        return new Checkup.OfFleet(WEB, new Result.Ok<>(Optional.of(view)), fleet().group(), fleet().document());
    }

    static Checkup.OfFleet with(Release release) {
        return with(view(Policy.DEFAULT, release));
    }

    static Checkup.OfFleet with(Group group) {
        return new Checkup.OfFleet(WEB, fleet().view(), new Result.Ok<>(Optional.of(group)), fleet().document());
    }

    static Checkup.OfFleet with(Described document) {
        return new Checkup.OfFleet(WEB, fleet().view(), fleet().group(), new Result.Ok<>(Optional.of(document)));
    }

    static Checkup.OfFleet withTrouble(String message) {
        Fleets.View well = view(Policy.DEFAULT, Release.NONE.withCurrent(BUNDLE));
        Trouble trouble = new Trouble(Trouble.Kind.MISCONFIGURED, message, Instant.EPOCH);
        return with(new Fleets.View(well.fleet(), well.release(), Optional.of(trouble)));
    }

    static Policy observed() {
        return Policy.DEFAULT.but().mode(Policy.Mode.OBSERVE).build();
    }

    /** A deployment without a fault. */
    public static Checkup.Deployed deployed() {
        return deployed(functions -> functions, new Queue("gantry-launches", 2, Duration.ofMinutes(6), true), 0);
    }

    static Checkup.Deployed deployed(
            UnaryOperator<Map<String, Result<Optional<Function>>>> change, Queue queue, int deadLetters) {
        Map<String, Result<Optional<Function>>> functions = new LinkedHashMap<>();
        for (String name : List.of("gantry-launch-queue", "gantry-sweep", "gantry-operator")) {
            functions.put(name, new Result.Ok<>(Optional.of(function(name, "Active", "gantry-bucket"))));
        }
        return new Checkup.Deployed(
                new Place("eu-central-1", "gantry-operator", "gantry-bucket"),
                change.apply(functions),
                new Result.Ok<>(Optional.of(queue)),
                new Result.Ok<>(
                        Optional.of(new Queue("gantry-launches-dlq", deadLetters, Duration.ofSeconds(30), false))));
    }

    static Checkup.Deployed withFunction(String name, Result<Optional<Function>> function) {
        return deployed(
                functions -> {
                    functions.put(name, function);
                    return functions;
                },
                new Queue("gantry-launches", 0, Duration.ofMinutes(6), true),
                0);
    }

    static Function function(String name, String state, String bucket) {
        return new Function(name, state, "Successful", Duration.ofSeconds(60), Optional.of(bucket));
    }

    static GantryException denied(String action) {
        return new GantryException.Misconfigured(
                action + ": AccessDeniedException: not authorized; allow it in the role's policy");
    }
}
