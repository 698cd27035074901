package dev.gantry.aws.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Ledger.Entry;
import dev.gantry.launch.port.Result;
import dev.gantry.stored.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Ledger} does; a subclass says which one. Its ledger is empty when a test begins. */
abstract class LedgerContract {
    private static final FleetName FLEET = new FleetName("web/eu 1");
    private static final InstanceId INSTANCE = Samples.instance(1);

    abstract Ledger ledger();

    @Test
    void anInstanceWithoutAStayHasAnEntryWithoutOne() {
        assertEquals(Entry.NONE, load());
    }

    @Test
    void aWrittenStayIsReadBack() {
        Entry written = store(Entry.NONE.with(Samples.claimedStay("first"))).orElseThrow();

        assertEquals(written, load());
    }

    @Test
    void theFirstWriteWithoutAVersionWinsAndTheSecondLoses() {
        store(Entry.NONE.with(Samples.claimedStay("first")));

        assertEquals(Optional.empty(), store(Entry.NONE.with(Samples.claimedStay("second"))));
        assertEquals(Optional.of(Samples.claimedStay("first")), load().stay());
    }

    @Test
    void aWriteAtTheReadVersionReplacesAndGivesTheNextVersion() {
        Entry first = store(Entry.NONE.with(Samples.stay())).orElseThrow();
        Entry second = store(first.with(Samples.claimedStay("first"))).orElseThrow();

        assertNotEquals(first.version(), second.version());
        assertEquals(second, load());
    }

    @Test
    void aWriteAtAnOldVersionLosesAndChangesNothing() {
        Entry first = store(Entry.NONE.with(Samples.stay())).orElseThrow();
        store(first.with(Samples.claimedStay("winner")));

        assertEquals(Optional.empty(), store(first.with(Samples.claimedStay("loser"))));
        assertEquals(Optional.of(Samples.claimedStay("winner")), load().stay());
    }

    @Test
    void aWriteAtAVersionOfAnObjectThatIsNotThereLoses() {
        Entry gone = new Entry(Optional.of(Samples.stay()), Optional.of("\"00000000000000000000000000000000\""));

        assertEquals(Optional.empty(), store(gone));
        assertEquals(Entry.NONE, load());
    }

    @Test
    void theSameWriteASecondTimeIsStillOurs() {
        Entry first = store(Entry.NONE.with(Samples.claimedStay("ours"))).orElseThrow();

        assertEquals(Optional.of(first), store(Entry.NONE.with(Samples.claimedStay("ours"))));
    }

    @Test
    void manyInstancesAreWrittenAndReadTogether() {
        List<InstanceId> instances = Samples.instances(50);
        Map<InstanceId, Entry> changes = new HashMap<>();
        instances.forEach(instance -> changes.put(instance, Entry.NONE.with(Samples.claimedStay(instance.value()))));
        ledger().write(FLEET, changes);

        Map<InstanceId, Result<Entry>> read = ledger().load(FLEET, instances);

        assertEquals(50, read.size());
        read.forEach((instance, entry) -> assertEquals(
                Optional.of(Samples.claimedStay(instance.value())), ok(entry).stay()));
    }

    @Test
    void fleetsDoNotShareTheirInstances() {
        store(Entry.NONE.with(Samples.stay()));

        Map<InstanceId, Result<Entry>> other = ledger().load(new FleetName("web"), List.of(INSTANCE));

        assertEquals(Entry.NONE, ok(other.get(INSTANCE)));
    }

    @Test
    void withoutInstancesNothingIsRead() {
        assertEquals(Map.of(), ledger().load(FLEET, List.of()));
        assertEquals(Map.of(), ledger().write(FLEET, Map.of()));
    }

    @Test
    void theNamesOfThoseThatWaitAreKeptForTheNextSweep() {
        assertEquals(Ledger.Waiting.NONE, ledger().waiting(FLEET));

        ledger().keepWaiting(FLEET, Ledger.Waiting.NONE.with(Set.of(INSTANCE)));
        Ledger.Waiting kept = ledger().waiting(FLEET);
        assertEquals(Set.of(INSTANCE), kept.instances());

        ledger().keepWaiting(FLEET, Ledger.Waiting.NONE.with(Set.of()));
        assertEquals(kept, ledger().waiting(FLEET), "another sweep has written since");

        ledger().keepWaiting(FLEET, kept.with(Set.of()));
        assertEquals(Set.of(), ledger().waiting(FLEET).instances());
    }

    private Entry load() {
        return ok(ledger().load(FLEET, List.of(INSTANCE)).get(INSTANCE));
    }

    private Optional<Entry> store(Entry change) {
        return ok(ledger().write(FLEET, Map.of(INSTANCE, change)).get(INSTANCE));
    }

    private static <T> T ok(Result<T> result) {
        if (result instanceof Result.Ok<T> ok) {
            return ok.value();
        }
        throw new AssertionError("expected an answer, not " + result);
    }
}
