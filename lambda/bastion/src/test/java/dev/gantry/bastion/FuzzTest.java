package dev.gantry.bastion;

import dev.gantry.aws.fuzz.Replay;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FuzzTest {

    @TestFactory
    Stream<DynamicTest> whateverTheBastionsFunctionGetsIsReadOrRefusedWithItsReason() {
        return Replay.of(new BastionFuzzTargets());
    }
}
