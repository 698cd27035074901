package dev.gantry.stored;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gantry.launch.id.InstanceId;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingJsonTest {
    private static final Set<InstanceId> TWO = new TreeSet<>(Samples.instances(2));

    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = WaitingJson.write(TWO);

        assertEquals(
                "{\"instances\":[\"i-00000000000000001\",\"i-00000000000000002\"]}",
                new String(bytes, StandardCharsets.UTF_8));
        assertEquals(TWO, WaitingJson.read(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"instances\": 7}", "{\"instances\": [7, null, \"web\"]}"})
    void entriesThatCannotBeReadAreLeftOut(String text) {
        assertEquals(Set.of(), WaitingJson.read(text.getBytes(StandardCharsets.UTF_8)));
    }
}
