package dev.gantry.launch.twin;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Stay;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Stays with versions, changed by conditional writes only, as S3's If-Match and If-None-Match do. */
public final class InMemoryLedger implements Ledger {
    private final Calls calls;
    private final Map<String, Entry> objects = new TreeMap<>();
    private final Map<InstanceId, GantryException> broken = new TreeMap<>();
    private final Map<InstanceId, GantryException> unwritable = new TreeMap<>();
    private final Map<InstanceId, RuntimeException> defects = new TreeMap<>();
    private final Set<InstanceId> answersLost = new HashSet<>();
    private final Map<FleetName, Waiting> waiting = new TreeMap<>();
    private long versions;

    public InMemoryLedger(Calls calls) {
        this.calls = calls;
    }

    @Override
    public Map<InstanceId, Result<Entry>> load(FleetName fleet, Collection<InstanceId> instances) {
        return calls.through("ledger.load", () -> {
            instances.stream().filter(defects::containsKey).findFirst().ifPresent(i -> {
                throw defects.get(i);
            });
            Map<InstanceId, Result<Entry>> found = new TreeMap<>();
            instances.forEach(i -> found.put(
                    i,
                    broken.containsKey(i)
                            ? new Result.Err<>(broken.get(i))
                            : new Result.Ok<>(objects.getOrDefault(key(fleet, i), Entry.NONE))));
            return found;
        });
    }

    @Override
    public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
        return calls.through("ledger.write", () -> {
            Map<InstanceId, Result<Optional<Entry>>> answers = new LinkedHashMap<>();
            changes.forEach((i, change) -> answers.put(i, write(key(fleet, i), i, change)));
            return answers;
        });
    }

    private Result<Optional<Entry>> write(String key, InstanceId instance, Entry change) {
        if (unwritable.containsKey(instance)) {
            return new Result.Err<>(unwritable.remove(instance));
        }
        Optional<String> stored = Optional.ofNullable(objects.get(key)).flatMap(Entry::version);
        if (!stored.equals(change.version())) {
            return new Result.Ok<>(Optional.empty());
        }
        versions++;
        Entry entry = new Entry(change.stay(), Optional.of("etag-" + versions));
        objects.put(key, entry);
        return answersLost.remove(instance)
                ? new Result.Err<>(new GantryException.Retryable("S3 did not answer for " + instance, null))
                : new Result.Ok<>(Optional.of(entry));
    }

    @Override
    public Waiting waiting(FleetName fleet) {
        return calls.through("ledger.waiting", () -> waiting.getOrDefault(fleet, Waiting.NONE));
    }

    @Override
    public void keepWaiting(FleetName fleet, Waiting changed) {
        calls.through("ledger.keepWaiting", () -> {
            if (waiting.getOrDefault(fleet, Waiting.NONE).version().equals(changed.version())) {
                versions++;
                waiting.put(fleet, new Waiting(changed.instances(), Optional.of("etag-" + versions)));
            }
        });
    }

    private static String key(FleetName fleet, InstanceId instance) {
        return fleet.encoded() + "/" + instance;
    }

    public Optional<Stay> stay(FleetName fleet, InstanceId instance) {
        return Optional.ofNullable(objects.get(key(fleet, instance))).flatMap(Entry::stay);
    }

    /** Writes without condition, as a test's beginning. */
    public void put(FleetName fleet, InstanceId instance, Stay stay) {
        versions++;
        objects.put(key(fleet, instance), new Entry(Optional.of(stay), Optional.of("etag-" + versions)));
    }

    /** The instance's object cannot be read. */
    public void breakObject(InstanceId instance, GantryException error) {
        broken.put(instance, error);
    }

    /** Loading the instance's object, alone or among others, throws this defect. */
    public void breakLoading(InstanceId instance, RuntimeException defect) {
        defects.put(instance, defect);
    }

    /** The next write of the instance's object fails without taking effect. */
    public void failNextWrite(InstanceId instance, GantryException error) {
        unwritable.put(instance, error);
    }

    /** The next write of the instance's object takes effect, and its answer is lost. */
    public void loseNextAnswer(InstanceId instance) {
        answersLost.add(instance);
    }
}
