package dev.gantry.bastion.hosts;

import dev.gantry.aws.fuzz.Holds;
import dev.gantry.bastion.testing.Samples;
import dev.gantry.stored.Unreadable;
import java.util.List;

/** The fuzz target of what machines write about themselves. */
public final class HostsFuzz {
    private static final Subnets SUBNETS = Subnets.of("10.0.1.0/24");

    private HostsFuzz() {}

    public static List<Class<?>> parsers() {
        return List.of(HostRecord.class, HostKey.class, Subnets.class);
    }

    public static void take(byte[] input) {
        HostRecord record;
        try {
            record = HostRecord.read(input, Samples.INSTANCE, SUBNETS, "object");
        } catch (Unreadable refused) {
            return;
        }
        Holds.that(record.address().startsWith("10.0.1."), "an address elsewhere: " + record.address());
        Holds.that(!record.keys().isEmpty(), "a machine without a key");
        record.keys().forEach(key -> Holds.equal(key, HostKey.of(key.toString()), "a key, written and read again"));
    }
}
