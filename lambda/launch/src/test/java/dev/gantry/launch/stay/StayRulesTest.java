package dev.gantry.launch.stay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.twin.World;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A history of looks at one instance, with hints that are doubled, late or missing. */
final class StayRulesTest {
    private static final Instant T = World.START;

    /**
     * One look.
     *
     * @param after seconds since the look before
     */
    record Seen(long after, Gate gate, Optional<Hint> hint) {}

    @Provide
    Arbitrary<Seen> looks() {
        Arbitrary<Hint> hints = Combinators.combine(
                        Arbitraries.of("one", "two", "three"),
                        Arbitraries.longs().between(-600, 600))
                .as((token, at) -> new Hint(token, T.plusSeconds(at)));
        return Combinators.combine(Arbitraries.longs().between(0, 200), Arbitraries.of(Gate.class), hints.optional())
                .as(Seen::new);
    }

    @Provide
    Arbitrary<List<Seen>> histories() {
        return looks().list().ofMaxSize(8);
    }

    @Property
    void lookingTwiceGivesTheSameAsLookingOnce(@ForAll("looks") Seen first, @ForAll("looks") Seen second) {
        Stay stay = look(Optional.of(look(Optional.empty(), first, T)), second, T.plusSeconds(300));
        assertEquals(stay, look(Optional.of(stay), second, T.plusSeconds(300)));
    }

    @Property
    void aStayIsAtTheGateThatIsBelievedAndNumbersNeverFall(@ForAll("histories") List<Seen> history) {
        Optional<Stay> newest = Optional.empty();
        Instant now = T;
        for (Seen seen : history) {
            now = now.plusSeconds(seen.after());
            Instant seenAt = now;
            Stay stay = look(newest, seen, now);
            boolean isYoung = newest.filter(s -> s.isYoung(seenAt)).isPresent();
            assertTrue(stay.gate() == seen.gate() || isYoung || seen.gate() == Gate.WARM);
            int before = newest.map(Stay::number).orElse(0);
            assertTrue(stay.number() == before || stay.number() == before + 1);
            newest = Optional.of(stay);
        }
    }

    @Property
    void withoutHintsAnOpenStayAtTheSameGateGoesOnHoweverLongItTakes(@ForAll("looks") Seen first) {
        Stay stay = look(Optional.empty(), first, T);
        Seen blind = new Seen(0, first.gate(), Optional.empty());
        assertEquals(stay, look(Optional.of(stay), blind, T.plusSeconds(100_000)));
    }

    @Property
    void aNewStayHasNoAttemptsNoTroubleAndIsOpen(@ForAll("looks") Seen first, @ForAll("looks") Seen second) {
        Stay old = look(Optional.empty(), first, T)
                .with(Attempt.claimed(1, new RunId("run-00000001"), "me", World.FIRST, T))
                .withTrouble(new Trouble(Trouble.Kind.RETRYABLE, "slow", T));
        Stay stay = look(Optional.of(old), second, T.plusSeconds(300));
        assertEquals(stay.number() == 1, !stay.attempts().isEmpty());
        assertEquals(stay.number() == 1, stay.trouble().isPresent());
        assertTrue(stay.isOpen());
    }

    /** The stay after a look: one whose description is not believed changes nothing. */
    private static Stay look(Optional<Stay> newest, Seen seen, Instant now) {
        return Stay.current(newest, seen.gate(), now, seen.hint(), now)
                .or(() -> newest)
                .orElseGet(() -> Stay.first(seen.gate(), seen.hint(), now));
    }
}
