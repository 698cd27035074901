package dev.gantry.cli.console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorTest {
    private static final byte[] KEY = "a key of thirty-two bytes, or more".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "another key of thirty-two bytes...".getBytes(StandardCharsets.UTF_8);

    private final Door door = new Door(KEY, 4680);

    private static String sent(Door door) {
        return door.cookie().substring(0, door.cookie().indexOf(';'));
    }

    @Test
    void aCookieOpensEveryDoorOfItsKeyAtItsPort() {
        assertTrue(new Door(KEY, 4680).isKnown(List.of("a=b; " + sent(door), "c=d")));
    }

    @Test
    void aCookieOfAnotherKeyOrOfAnotherPortOpensNone() {
        assertFalse(door.isKnown(List.of(sent(new Door(OTHER, 4680)))));
        assertFalse(door.isKnown(List.of(sent(new Door(KEY, 4681)))));
        assertFalse(door.isKnown(List.of(sent(new Door(KEY, 4681)).replace("4681", "4680"))));
    }

    @Test
    void aTokenOpensOneDoorOnly() {
        assertNotEquals(door.token(), new Door(KEY, 4680).token());
        assertTrue(door.isToken(door.token()));
        assertFalse(door.isToken(new Door(KEY, 4680).token()));
        assertFalse(door.isToken(""));
    }

    @Test
    void oneHostHeaderHasToNameThisMachineAndPort() {
        assertTrue(door.isHost(List.of("127.0.0.1:4680")));
        assertTrue(door.isHost(List.of("localhost:4680")));
        assertFalse(door.isHost(List.of()));
        assertFalse(door.isHost(List.of("127.0.0.1:4680", "rebound.example")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.example:4680",
                "127.0.0.1",
                "127.0.0.1:4681",
                "127.0.0.1.:4680",
                "localhost.:4680",
                "localhost.example:4680",
                "[::1]:4680",
                "[::ffff:127.0.0.1]:4680",
                "127.1:4680",
                "2130706433:4680",
                "0.0.0.0:4680",
                "user@127.0.0.1:4680",
                "127.0.0.1:4680@rebound.example",
                " 127.0.0.1:4680",
                "127.0.0.1:04680",
                ""
            })
    void everyOtherHostIsRefusedWhereverItLeads(String host) {
        assertFalse(door.isHost(List.of(host)));
    }

    @Test
    void atThePortOfHttpBrowsersNameNoPort() {
        Door usual = new Door(KEY, 80);

        assertTrue(usual.isHost(List.of("127.0.0.1")));
        assertTrue(usual.isHost(List.of("localhost")));
        assertTrue(usual.isHost(List.of("127.0.0.1:80")));
        assertFalse(usual.isHost(List.of("rebound.example")));
    }
}
