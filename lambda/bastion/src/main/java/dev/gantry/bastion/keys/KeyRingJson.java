package dev.gantry.bastion.keys;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.stored.Fields;
import dev.gantry.stored.Json;
import java.util.Optional;

/** The key ring's two objects: {@code pair.json} with the private halves, {@code public.json} without. */
final class KeyRingJson {
    private static final int FORMAT = 1;

    private KeyRingJson() {}

    static byte[] secret(KeyRing ring) {
        ObjectNode object = Json.object().put("format", FORMAT);
        object.set("current", pair(ring.current()));
        ring.previous()
                .ifPresent(old -> object.set(
                        "previous",
                        pair(old.pair()).put("validUntil", old.validUntil().toString())));
        return Json.bytes(object);
    }

    private static ObjectNode pair(SshKeyPair pair) {
        return Json.object()
                .put("id", pair.id())
                .put("private", pair.privatePem())
                .put("public", pair.publicLine())
                .put("madeAt", pair.madeAt().toString());
    }

    /** For instances and bastions, which honour {@code validUntil} themselves. */
    static byte[] open(KeyRing ring) {
        ObjectNode object = Json.object().put("format", FORMAT);
        ArrayNode keys = object.putArray("keys");
        keys.add(half(ring.current()));
        ring.previous()
                .ifPresent(old -> keys.add(
                        half(old.pair()).put("validUntil", old.validUntil().toString())));
        return Json.bytes(object);
    }

    private static ObjectNode half(SshKeyPair pair) {
        return Json.object().put("id", pair.id()).put("public", pair.publicLine());
    }

    /** @throws Unreadable naming the field, and quoting nothing */
    static KeyRing read(byte[] bytes) {
        Fields object = Json.message(bytes).needFormat(FORMAT);
        Optional<KeyRing.Previous> previous =
                object.optionalObject("previous").map(old -> new KeyRing.Previous(pair(old), old.time("validUntil")));
        return new KeyRing(pair(object.object("current")), previous);
    }

    private static SshKeyPair pair(Fields object) {
        try {
            return SshKeyPair.of(object.text("private"), object.text("public"), object.time("madeAt"));
        } catch (IllegalArgumentException e) {
            throw object.broken("private", "and public are not a key pair of this function");
        }
    }
}
