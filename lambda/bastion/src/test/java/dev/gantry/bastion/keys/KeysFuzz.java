package dev.gantry.bastion.keys;

import dev.gantry.aws.fuzz.Holds;
import dev.gantry.stored.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The fuzz target of the function's key ring. */
public final class KeysFuzz {
    private KeysFuzz() {}

    public static List<Class<?>> parsers() {
        return List.of(KeyRingJson.class, SshKeyPair.class);
    }

    public static void take(byte[] input) {
        KeyRing ring;
        try {
            ring = KeyRingJson.read(input);
        } catch (Unreadable refused) {
            return;
        }
        Holds.equal(ring, KeyRingJson.read(KeyRingJson.secret(ring)), "a ring, written and read again");
        String open = new String(KeyRingJson.open(ring), StandardCharsets.UTF_8);
        Holds.that(!open.contains("PRIVATE"), "a private half in the public object");
    }
}
