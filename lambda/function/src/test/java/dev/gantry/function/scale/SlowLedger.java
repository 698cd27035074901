package dev.gantry.function.scale;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The ledger in memory, with the time that S3 takes: sixteen objects at once, as ObjectThreads does it. */
final class SlowLedger implements Ledger {
    private static final int AT_ONCE = 16;
    private static final Duration OBJECT = Duration.ofMillis(25);

    private final Ledger ledger;
    private final VirtualTime time;

    SlowLedger(Ledger ledger, VirtualTime time) {
        this.ledger = ledger;
        this.time = time;
    }

    @Override
    public Map<InstanceId, Result<Entry>> load(FleetName fleet, Collection<InstanceId> instances) {
        take(instances.size());
        return ledger.load(fleet, instances);
    }

    @Override
    public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
        take(changes.size());
        return ledger.write(fleet, changes);
    }

    @Override
    public Waiting waiting(FleetName fleet) {
        take(1);
        return ledger.waiting(fleet);
    }

    @Override
    public void keepWaiting(FleetName fleet, Waiting waiting) {
        take(1);
        ledger.keepWaiting(fleet, waiting);
    }

    private void take(int objects) {
        time.sleep(OBJECT.multipliedBy((objects + AT_ONCE - 1) / AT_ONCE));
    }
}
