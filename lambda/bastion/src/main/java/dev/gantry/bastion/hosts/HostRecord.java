package dev.gantry.bastion.hosts;

import dev.gantry.launch.id.InstanceId;
import dev.gantry.launch.text.Text;
import dev.gantry.stored.Fields;
import dev.gantry.stored.Json;
import dev.gantry.stored.Unreadable;
import java.util.List;

/**
 * What a machine wrote about itself at boot: its address and its host keys.
 *
 * @param address IPv4, within the fleet's subnets
 * @param source the object it was read from, for sentences
 */
public record HostRecord(InstanceId instance, String address, List<HostKey> keys, String source) {
    private static final int FORMAT = 1;
    private static final int MOST_KEYS = 10;

    public HostRecord {
        keys = List.copyOf(keys);
    }

    /**
     * @param owner the instance whose object it is, by the object's key, which IAM bound to it
     * @throws Unreadable naming the field
     */
    static HostRecord read(byte[] bytes, InstanceId owner, Subnets subnets, String source) {
        Fields object = Json.message(bytes).needFormat(FORMAT);
        if (!object.text("instance").equals(owner.value())) {
            throw object.broken("instance", "must be " + owner + ", whose object this is");
        }
        String address = object.text("address");
        if (!subnets.contain(address)) {
            throw object.broken(
                    "address",
                    "'" + Text.clip(address, 40) + "' does not lie in the subnets of GANTRY_BASTION_SUBNETS");
        }
        List<String> lines = object.strings("keys");
        if (lines.isEmpty() || lines.size() > MOST_KEYS) {
            throw object.broken("keys", "must have 1 to " + MOST_KEYS + " host keys");
        }
        return new HostRecord(
                owner, address, lines.stream().map(HostRecord::key).toList(), source);
    }

    private static HostKey key(String line) {
        try {
            return HostKey.of(line);
        } catch (IllegalArgumentException e) {
            throw new Unreadable("keys has a line that is not an OpenSSH public key");
        }
    }
}
