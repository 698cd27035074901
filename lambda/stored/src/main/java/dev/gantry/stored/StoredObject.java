package dev.gantry.stored;

import java.util.Arrays;
import java.util.Objects;

/**
 * An object as it was read.
 *
 * @param version its ETag, for a conditional write
 */
public record StoredObject(byte[] bytes, String version) {

    /** Arrays have no equality of their own. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StoredObject stored
                && Arrays.equals(bytes, stored.bytes)
                && version.equals(stored.version);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(bytes), version);
    }

    /** Without the bytes: they may be a private key. */
    @Override
    public String toString() {
        return bytes.length + " bytes at " + version;
    }
}
