package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class StoredObjectTest {
    private final StoredObject object = new StoredObject(new byte[] {1, 2}, "\"etag\"");

    @Test
    void objectsWithTheSameBytesAndVersionAreEqual() {
        StoredObject same = new StoredObject(new byte[] {1, 2}, "\"etag\"");

        assertEquals(object, same);
        assertEquals(object.hashCode(), same.hashCode());
        assertNotEquals(object, new StoredObject(new byte[] {1, 3}, "\"etag\""));
        assertNotEquals(object, new StoredObject(new byte[] {1, 2}, "\"another\""));
        assertNotEquals(object.hashCode(), new StoredObject(new byte[] {1, 3}, "\"etag\"").hashCode());
        assertNotEquals(object.hashCode(), new StoredObject(new byte[] {1, 2}, "\"another\"").hashCode());
    }

    @Test
    void itsTextHasNothingOfItsBytes() {
        assertEquals("2 bytes at \"etag\"", object.toString());
    }
}
