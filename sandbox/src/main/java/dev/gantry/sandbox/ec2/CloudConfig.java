package dev.gantry.sandbox.ec2;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * User data in the form of cloud-config. The sandbox's image has no cloud-init, so such user data becomes a script that does what
 * cloud-init would, as far as this repository's launch templates need it. User data that is a script stays as it is.
 */
final class CloudConfig {
    private static final String MARK = "#cloud-config";
    private static final String PROGRAM = "/cloud-config.py";

    private CloudConfig() {}

    static boolean isOne(String userData) {
        return userData.startsWith(MARK);
    }

    /** What the instance runs. */
    static String script(String userData) {
        if (!isOne(userData)) {
            return userData;
        }
        String document = Base64.getEncoder().encodeToString(userData.getBytes(StandardCharsets.UTF_8));
        String program = Base64.getEncoder().encodeToString(program());
        return "#!/bin/sh\nprogram=$(mktemp)\necho " + program + " | base64 -d >\"$program\"\necho " + document
                + " | base64 -d | python3 \"$program\"\n";
    }

    private static byte[] program() {
        try (InputStream in = CloudConfig.class.getResourceAsStream(PROGRAM)) {
            if (in == null) {
                throw new IllegalStateException("The sandbox's jar lacks " + PROGRAM + "; build the module again.");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + PROGRAM + " from the sandbox's jar", e);
        }
    }
}
