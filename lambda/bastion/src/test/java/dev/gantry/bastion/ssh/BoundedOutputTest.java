package dev.gantry.bastion.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class BoundedOutputTest {

    @Test
    void theFirstBytesAreKeptAndTheRestIsForgotten() throws IOException {
        BoundedOutput output = new BoundedOutput(4);
        output.write("abc".getBytes(UTF_8));
        output.write('d');
        assertFalse(output.isCut());
        output.write("efg".getBytes(UTF_8));

        assertArrayEquals("abcd".getBytes(UTF_8), output.bytes());
        assertTrue(output.isCut());
    }
}
