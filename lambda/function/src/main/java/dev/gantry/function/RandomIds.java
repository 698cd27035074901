package dev.gantry.function;

import dev.gantry.launch.id.RunId;
import dev.gantry.launch.port.IdSource;
import java.security.SecureRandom;
import java.util.UUID;

/** Draws random names from the operating system at each call, so that two functions restored from one snapshot differ. */
final class RandomIds implements IdSource {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 16;

    @Override
    public String owner() {
        return UUID.randomUUID().toString();
    }

    @Override
    public RunId run() {
        SecureRandom random = new SecureRandom();
        StringBuilder id = new StringBuilder("run-");
        for (int i = 0; i < LENGTH; i++) {
            id.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new RunId(id.toString());
    }
}
