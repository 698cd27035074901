package dev.gantry.aws;

import static dev.gantry.stored.Samples.WEB;

import dev.gantry.aws.fuzz.FuzzTarget;
import dev.gantry.aws.fuzz.FuzzTargets;
import dev.gantry.aws.fuzz.Holds;
import dev.gantry.aws.fuzz.Parts;
import dev.gantry.aws.ssm.SsmFuzz;
import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.stay.Reply.Said;
import dev.gantry.launch.stay.Verdict;
import dev.gantry.stored.BastionAnswers;
import dev.gantry.stored.FailureJson;
import dev.gantry.stored.Fields;
import dev.gantry.stored.Json;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.ReleaseJson;
import dev.gantry.stored.ResultLine;
import dev.gantry.stored.SettingsJson;
import dev.gantry.stored.StayJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the adapters read: objects in S3, their keys, commands, invocations, and what Ansible printed. */
public final class AwsFuzzTargets implements FuzzTargets {
    private static final String OBJECT = "s3://gantry-sandbox/fuzz.json";

    @Override
    public List<FuzzTarget> all() {
        List<FuzzTarget> stored = List.of(
                new FuzzTarget(
                        "settings",
                        "a fleet's settings",
                        List.of(SettingsJson.class, Fields.class, Json.class),
                        AwsFuzzTargets::settings),
                new FuzzTarget(
                        "release",
                        "a fleet's release",
                        List.of(ReleaseJson.class, Fields.class),
                        AwsFuzzTargets::release),
                new FuzzTarget(
                        "stay", "an instance's record", List.of(StayJson.class, Fields.class), AwsFuzzTargets::stay),
                new FuzzTarget("failure", "a failure's object", List.of(FailureJson.class), AwsFuzzTargets::failure),
                new FuzzTarget(
                        "answer",
                        "an answer over the bastion",
                        List.of(BastionAnswers.class, ResultLine.class),
                        AwsFuzzTargets::answer),
                new FuzzTarget("keys", "keys of objects", List.of(ObjectKeys.class), AwsFuzzTargets::keys),
                new FuzzTarget(
                        "result",
                        "the hardened document's result line",
                        List.of(ResultLine.class),
                        AwsFuzzTargets::resultLine));
        return Stream.concat(stored.stream(), SsmFuzz.targets().stream()).toList();
    }

    private static void settings(byte[] input) {
        read(() -> SettingsJson.read(OBJECT, WEB, input))
                .ifPresent(
                        fleet -> comesBack(fleet, SettingsJson::write, bytes -> SettingsJson.read(OBJECT, WEB, bytes)));
    }

    private static void release(byte[] input) {
        read(() -> ReleaseJson.read(OBJECT, input))
                .ifPresent(release -> comesBack(release, ReleaseJson::write, bytes -> ReleaseJson.read(OBJECT, bytes)));
    }

    private static void stay(byte[] input) {
        read(() -> StayJson.read(OBJECT, input))
                .ifPresent(stay -> comesBack(stay, StayJson::write, bytes -> StayJson.read(OBJECT, bytes)));
    }

    private static void failure(byte[] input) {
        read(() -> FailureJson.read(Json.fields(OBJECT, input)))
                .ifPresent(failure -> comesBack(
                        failure,
                        f -> Json.bytes(FailureJson.write(f)),
                        bytes -> FailureJson.read(Json.fields(OBJECT, bytes))));
    }

    private static void answer(byte[] input) {
        read(() -> BastionAnswers.read(OBJECT, input)).ifPresent(reply -> {
            if (reply.said() instanceof Said.Failed failed) {
                Holds.that(!failed.detail().isBlank(), "a failure without a reason");
            } else if (reply.said() instanceof Said.Ended ended && ended.verdict() instanceof Verdict.Succeeded) {
                Holds.that(Parts.text(input).contains("true"), "a success that the input does not have");
            }
        });
    }

    /** The value, or nothing if the input was refused with the documented error, which names the object. */
    private static <T> Optional<T> read(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (GantryException.Misconfigured refused) {
            String message = String.valueOf(refused.getMessage());
            Holds.that(message.startsWith(OBJECT), "the error does not name the object: " + message);
            Holds.that(message.length() > OBJECT.length() + 2, "the error says nothing: " + message);
            return Optional.empty();
        }
    }

    /** What was read can be written and read again; half a surrogate pair alone becomes a question mark on the way. */
    private static <T> void comesBack(T value, Function<T, byte[]> write, Function<byte[], T> read) {
        byte[] once = write.apply(value);
        T again = read.apply(once);
        if (StandardCharsets.UTF_8.newEncoder().canEncode(value.toString())) {
            Holds.equal(value, again, "written and read again");
        }
        Holds.that(Arrays.equals(once, write.apply(again)), "written twice, it differs: " + Parts.text(once));
    }

    private static void keys(byte[] input) {
        String key = Parts.text(input);
        ObjectKeys.failedInstance(key)
                .ifPresent(instance -> Holds.that(key.contains(instance.value()), "another instance: " + instance));
        Holds.that(key.endsWith(ObjectKeys.stayOfAbandonment(key)), "a stay that is not in the key");
        ObjectKeys.fleetOfSettings(key)
                .ifPresent(fleet -> Holds.equal(key, ObjectKeys.settings(fleet), "the key of the fleet"));
        fleet(key)
                .ifPresent(fleet -> Holds.equal(
                        Optional.of(fleet),
                        ObjectKeys.fleetOfSettings(ObjectKeys.settings(fleet)),
                        "the fleet of its own key"));
    }

    private static Optional<FleetName> fleet(String name) {
        try {
            return Optional.of(new FleetName(name));
        } catch (IllegalArgumentException notAName) {
            return Optional.empty();
        }
    }

    private static void resultLine(byte[] input) {
        String stdout = Parts.text(input);
        ResultLine.ofFailure(stdout).ifPresent(line -> {
            Holds.that(stdout.endsWith(line.rest()), "a rest that is not the output's: " + line.rest());
            Holds.that(!line.rest().equals(stdout), "a line that is not there");
            Holds.that(line.task().map(task -> !task.isEmpty()).orElse(true), "a task without a name");
        });
    }
}
