package dev.gantry.function;

import dev.gantry.aws.fuzz.Replay;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FuzzTest {

    @TestFactory
    Stream<DynamicTest> whateverIsSentToTheFunctionsIsReadOrRefusedWithItsReason() {
        return Replay.of(new FunctionFuzzTargets());
    }
}
