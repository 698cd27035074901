package dev.gantry.sandbox.autoscaling;

import java.util.Optional;

/**
 * What a group launches from. The sandbox has no EC2 API, so a name is taken for granted and only shown again; what an
 * instance really is, is decided by the sandbox's {@code Ec2}.
 */
sealed interface LaunchSource {

    /** A launch configuration. */
    record Configuration(String name) implements LaunchSource {}

    /** A launch template; AWS shows id and name whichever was given, here the name stays empty for an id. */
    record Template(String id, Optional<String> name, String version) implements LaunchSource {

        /** An instance shows the version it was launched from: a number, never {@code $Latest} or {@code $Default}. */
        Template resolved() {
            return version.startsWith("$") ? new Template(id, name, "1") : this;
        }
    }
}
