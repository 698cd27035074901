package dev.gantry.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.launch.id.RunId;
import java.security.SecureRandom;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomIdsTest {
    private static final int MANY = 1_000;

    private final RandomIds ids = new RandomIds();

    @Test
    void everyRunHasAnIdOfSixteenCharactersOfItsOwn() {
        Set<RunId> runs = Stream.generate(ids::run).limit(MANY).collect(Collectors.toSet());

        assertEquals(MANY, runs.size());
        runs.forEach(run -> assertTrue(run.toString().matches("run-[0-9a-hjkmnp-tv-z]{16}"), run.toString()));
    }

    @Test
    void everyOwnerHasAnIdOfItsOwn() {
        Set<String> owners = Stream.generate(ids::owner).limit(MANY).collect(Collectors.toSet());
        assertEquals(MANY, owners.size());
    }

    /** No state of a snapshot decides the ids, so two functions that are restored from one never draw the same. */
    @Test
    void idsAreDrawnFromTheOperatingSystem() {
        assertTrue(
                new SecureRandom().getAlgorithm().startsWith("NativePRNG"),
                "java.security must take the operating system's generator");
    }
}
