package dev.gantry.sandbox.fuzz;

import dev.gantry.aws.fuzz.Replay;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FuzzTest {

    @TestFactory
    Stream<DynamicTest> whateverAClientSendsIsAnsweredByTheService() {
        return Replay.of(new SandboxFuzzTargets());
    }
}
