package dev.gantry.aws.s3;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Stay;
import dev.gantry.stored.ObjectKeys;
import dev.gantry.stored.StayJson;
import dev.gantry.stored.WaitingJson;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The ledger in S3: one object for each instance, {@code launches/<fleet>/<instance>.json}, its version the ETag. An object
 * that cannot be read is an error of its instance only. {@code waiting.json} is in the same folder.
 */
public final class S3Ledger implements Ledger {
    private final S3Objects objects;
    private final ObjectThreads threads;

    public S3Ledger(S3Client s3, String bucket, ObjectThreads threads) {
        this.objects = new S3Objects(s3, bucket);
        this.threads = threads;
    }

    @Override
    public Map<InstanceId, Result<Entry>> load(FleetName fleet, Collection<InstanceId> instances) {
        return threads.each(instances, instance -> load(ObjectKeys.launch(fleet, instance)));
    }

    private Entry load(String key) {
        return objects.read(key)
                .map(stored -> new Entry(
                        Optional.of(StayJson.read(objects.name(key), stored.bytes())), Optional.of(stored.version())))
                .orElse(Entry.NONE);
    }

    @Override
    public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
        return threads.each(
                changes.keySet(), instance -> write(ObjectKeys.launch(fleet, instance), changes.get(instance)));
    }

    private Optional<Entry> write(String key, Entry change) {
        Stay stay =
                change.stay().orElseThrow(() -> new IllegalArgumentException("there is no stay to write to " + key));
        return objects.write(key, StayJson.write(stay), change.version())
                .map(version -> new Entry(change.stay(), Optional.of(version)));
    }

    @Override
    public Waiting waiting(FleetName fleet) {
        String key = ObjectKeys.waiting(fleet);
        return objects.read(key)
                .map(stored -> new Waiting(WaitingJson.read(stored.bytes()), Optional.of(stored.version())))
                .orElse(Waiting.NONE);
    }

    @Override
    public void keepWaiting(FleetName fleet, Waiting waiting) {
        objects.write(ObjectKeys.waiting(fleet), WaitingJson.write(waiting.instances()), waiting.version());
    }
}
