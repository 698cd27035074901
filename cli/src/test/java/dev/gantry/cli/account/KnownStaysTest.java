package dev.gantry.cli.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.gantry.launch.error.GantryException;
import dev.gantry.launch.fleet.FleetName;
import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.port.Ledger;
import dev.gantry.launch.port.Result;
import dev.gantry.launch.stay.Gate;
import dev.gantry.launch.stay.Stay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownStaysTest {
    private static final FleetName WEB = new FleetName("web");
    private static final InstanceId ONE = new InstanceId("i-00000000000000001");
    private static final InstanceId TWO = new InstanceId("i-00000000000000002");
    private static final Stay STAY = Stay.first(Gate.SERVICE, Optional.empty(), Instant.EPOCH);

    private final List<InstanceId> read = new ArrayList<>();
    private final Map<InstanceId, Result<Ledger.Entry>> stored = new HashMap<>();
    private final KnownStays known = new KnownStays();

    private Map<InstanceId, Result<Optional<Stay>>> load(Map<InstanceId, String> versions) {
        return known.load(new StoredLedger(), WEB, List.of(ONE, TWO), versions);
    }

    private static Result<Ledger.Entry> entry(String version) {
        return new Result.Ok<>(new Ledger.Entry(Optional.of(STAY), Optional.of(version)));
    }

    @Test
    void aRecordWithTheSameVersionIsNotReadAgain() {
        stored.put(ONE, entry("a"));
        stored.put(TWO, entry("b"));
        load(Map.of(ONE, "a", TWO, "b"));
        stored.put(TWO, entry("c"));

        Map<InstanceId, Result<Optional<Stay>>> stays = load(Map.of(ONE, "a", TWO, "c"));

        assertEquals(List.of(ONE, TWO, TWO), read);
        assertEquals(new Result.Ok<>(Optional.of(STAY)), stays.get(ONE));
    }

    @Test
    void anInstanceWithoutARecordIsNotRead() {
        assertEquals(new Result.Ok<>(Optional.empty()), load(Map.of()).get(ONE));
        assertEquals(List.of(), read);
    }

    @Test
    void aReadThatFailedIsTriedAgain() {
        stored.put(ONE, new Result.Err<>(new GantryException.Retryable("GetObject: slow down", null)));
        assertInstanceOf(Result.Err.class, load(Map.of(ONE, "a")).get(ONE));
        load(Map.of(ONE, "a"));

        assertEquals(List.of(ONE, ONE), read);
    }

    private final class StoredLedger implements Ledger {
        @Override
        public Map<InstanceId, Result<Entry>> load(FleetName fleet, Collection<InstanceId> instances) {
            Map<InstanceId, Result<Entry>> found = new HashMap<>();
            instances.stream()
                    .sorted(java.util.Comparator.comparing(InstanceId::value))
                    .forEach(instance -> {
                        read.add(instance);
                        found.put(instance, stored.get(instance));
                    });
            return found;
        }

        @Override
        public Map<InstanceId, Result<Optional<Entry>>> write(FleetName fleet, Map<InstanceId, Entry> changes) {
            throw new AssertionError("it only reads");
        }

        @Override
        public Waiting waiting(FleetName fleet) {
            return Waiting.NONE;
        }

        @Override
        public void keepWaiting(FleetName fleet, Waiting waiting) {
            throw new AssertionError("it only reads");
        }
    }
}
