package dev.gantry.sandbox.contract;

import dev.gantry.sandbox.Region;
import dev.gantry.sandbox.Sandbox;
import dev.gantry.sandbox.ec2.Script;
import dev.gantry.sandbox.ec2.SimulatedFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** Our own, with all its services and no fleet. */
final class SandboxEndpoint {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private SandboxEndpoint() {}

    static Found find() {
        Region region = new Region(cloud -> new SimulatedFactory(
                cloud.timers(), new SimulatedFactory.Times(SECOND, SECOND), Script.succeedsAfter(SECOND)));
        try {
            Sandbox sandbox = Sandbox.builder().with(region).start();
            return new Found.Present(Endpoint.emulator(Implementation.SANDBOX, sandbox.endpoint(), sandbox::close));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
