package dev.gantry.function;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.IdSource;
import java.security.SecureRandom;
import java.util.UUID;

/** Draws random names from the operating system at each call, so that two functions restored from one snapshot differ. */
final class RandomIds implements IdSource {
    @Override
    public String owner() {
        return UUID.randomUUID().toString();
    }

    @Override
    public RunId run() {
        return RunId.drawn(new SecureRandom());
    }
}
